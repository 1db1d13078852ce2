SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND ( ( s.key = ? ) )
  ORDER BY p.published_at DESC, p.article_id DESC
  LIMIT ? OFFSET ?;

SELECT json_group_array(json_array(n.slug, p.site_id, p.article_id, p.published_at)) AS gathered
  FROM (SELECT DISTINCT x.slug, x.edition_id
  FROM json_each(?) o CROSS
  JOIN tag x ON x.slug = o.value
  AND x.edition_id < COALESCE((SELECT c.id
  FROM edition c
  WHERE c.since > ?
  ORDER BY c.since, c.id
  LIMIT 1), 9223372036854775807)
  AND x.edition_id >= COALESCE(( SELECT DISTINCT x.edition_id
  FROM tag x
  WHERE x.slug = o.value
  AND x.edition_id < COALESCE((SELECT c.id
  FROM edition c
  WHERE c.since > ?
  ORDER BY c.since, c.id
  LIMIT 1), 9223372036854775807)
  ORDER BY x.edition_id DESC
  LIMIT 1 OFFSET ? ), 0)) n
  JOIN publication p ON p.edition_id = n.edition_id
  JOIN site s ON s.id = p.site_id
  WHERE p.site_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

SELECT json_group_array(json_array(t.rowid / 1048576, t.rowid % 1048576, t.title, t.heading, t.summary, t.body)) AS gathered
  FROM edition e CROSS
  JOIN (SELECT 0 AS start UNION ALL SELECT 524288) z CROSS
  JOIN passage t ON t.rowid BETWEEN e.id * 1048576 + z.start
  AND e.id * 1048576 + z.start + 30
  WHERE e.id IN (SELECT value
  FROM json_each(?));

SELECT '' AS term, passages
  FROM search_index UNION ALL SELECT term, SUM(passages)
  FROM search_word
  WHERE term IN (SELECT value
  FROM json_each(?))
  GROUP BY term;

SELECT json_group_array(json_array(edition_id, kind, position, section, label, url, target_id)) AS gathered
  FROM link
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

SELECT json_group_array(json_array(f.term, f.edition_id)) AS gathered
  FROM ( SELECT DISTINCT j.value AS term, t.rowid / 1048576 AS edition_id
  FROM json_each(?) j CROSS
  JOIN passage t ON t.passage MATCH '"' || j.value || '"' ) f;

SELECT json_group_array(json_array(e.id, p.site_id, p.article_id, p.published_at, e.word_count)) AS gathered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.edition_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

SELECT p.article_id AS shown_id, p.site_id, p.published_at
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

SELECT json_group_array(json_array(n.target_id, p.site_id, p.article_id, p.published_at)) AS gathered
  FROM (SELECT DISTINCT x.target_id, x.edition_id
  FROM json_each(?) o CROSS
  JOIN link x ON x.target_id = o.value
  AND x.edition_id < COALESCE((SELECT c.id
  FROM edition c
  WHERE c.since > ?
  ORDER BY c.since, c.id
  LIMIT 1), 9223372036854775807)
  AND x.edition_id >= COALESCE(( SELECT DISTINCT x.edition_id
  FROM link x
  WHERE x.target_id = o.value
  AND x.edition_id < COALESCE((SELECT c.id
  FROM edition c
  WHERE c.since > ?
  ORDER BY c.since, c.id
  LIMIT 1), 9223372036854775807)
  ORDER BY x.edition_id DESC
  LIMIT 1 OFFSET ? ), 0)) n
  JOIN publication p ON p.edition_id = n.edition_id
  JOIN site s ON s.id = p.site_id
  WHERE p.site_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

