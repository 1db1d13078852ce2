SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT COUNT(*) AS total
  FROM (SELECT p.article_id, p.site_id, p.locale, p.published_at, e.since, w.locale AS wanted, ( SELECT COALESCE((SELECT MAX(c.as_of)
  FROM confirmation c
  WHERE c.edition_id = te.id
  AND c.since <= ?
  AND c.as_of > te.since), te.since)
  FROM publication t
  JOIN edition te ON te.id = t.edition_id
  WHERE t.article_id = p.article_id
  AND t.locale = w.locale
  AND t.since <= ?
  AND t.until > ?
  AND t.live_from <= ?
  AND t.live_until > ? ) AS basis
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id CROSS
  JOIN ( SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale ) w
  WHERE w.site_id = p.site_id
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
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND p.site_id = ? ) x
  WHERE x.wanted <> x.locale
  AND (x.basis IS NULL OR x.basis < x.since);

SELECT x.since AS changed, x.*
  FROM (SELECT p.article_id, p.site_id, p.locale, p.published_at, e.since, w.locale AS wanted, ( SELECT COALESCE((SELECT MAX(c.as_of)
  FROM confirmation c
  WHERE c.edition_id = te.id
  AND c.since <= ?
  AND c.as_of > te.since), te.since)
  FROM publication t
  JOIN edition te ON te.id = t.edition_id
  WHERE t.article_id = p.article_id
  AND t.locale = w.locale
  AND t.since <= ?
  AND t.until > ?
  AND t.live_from <= ?
  AND t.live_until > ? ) AS basis
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id CROSS
  JOIN ( SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale ) w
  WHERE w.site_id = p.site_id
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
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND p.site_id = ? ) x
  WHERE x.wanted <> x.locale
  AND (x.basis IS NULL OR x.basis < x.since)
  ORDER BY x.published_at DESC, x.article_id DESC, x.wanted ASC
  LIMIT ? OFFSET ?;

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
  AND p.locale IN (SELECT value
  FROM json_each(?));

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

