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

SELECT json_group_array(json_array(x.slug, x.site_id, x.article_id, x.published_at, x.total)) AS gathered
  FROM ( SELECT t.slug, p.site_id, p.article_id, p.published_at, COUNT(*) OVER (PARTITION BY p.site_id, t.slug) AS total, ROW_NUMBER() OVER (PARTITION BY p.site_id, t.slug
  ORDER BY p.published_at DESC, p.article_id DESC) AS place
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN tag t ON t.edition_id = e.id
  WHERE t.slug IN (SELECT value
  FROM json_each(?))
  AND p.site_id IN (SELECT value
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
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END ) ) x
  WHERE x.place <= ?;

SELECT json_group_array(json_array(t.rowid / 1048576, t.rowid % 1048576, t.title, t.heading, t.summary, t.body)) AS gathered
  FROM edition e CROSS
  JOIN passage t ON t.rowid BETWEEN e.id * 1048576
  AND e.id * 1048576 + 1048575
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

WITH found AS MATERIALIZED ( SELECT DISTINCT j.value AS term, t.rowid / 1048576 AS edition_id
  FROM json_each(?) j CROSS
  JOIN passage t ON t.passage MATCH '"' || j.value || '"' ) SELECT json_group_array(json_array(f.term, p.site_id, p.article_id, p.published_at, e.word_count)) AS gathered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN found f ON f.edition_id = e.id
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

SELECT json_group_array(json_array(x.target_id, x.site_id, x.article_id, x.published_at, x.total)) AS gathered
  FROM ( SELECT k.target_id, p.site_id, p.article_id, p.published_at, COUNT(*) OVER (PARTITION BY k.target_id, p.site_id) AS total, ROW_NUMBER() OVER (PARTITION BY k.target_id, p.site_id
  ORDER BY p.published_at DESC, p.article_id DESC) AS place
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN publication p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
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
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END ) ) x
  WHERE x.place <= ?;

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

