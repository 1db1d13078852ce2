SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND 1 = 1
  ORDER BY p.published_at DESC, p.article_id DESC
  LIMIT ? OFFSET ?;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT (SELECT MIN(d.since)
  FROM edition d
  WHERE d.article_id = x.article_id
  AND d.locale = x.locale
  AND d.since > x.basis
  AND d.since <= x.since) AS changed, x.*
  FROM (SELECT p.article_id, p.site_id, p.locale, p.published_at, e.since, w.locale AS wanted, ( SELECT COALESCE((SELECT MAX(c.as_of)
  FROM confirmation c
  WHERE c.edition_id = t.id
  AND c.since <= ?
  AND c.as_of > t.since), t.since)
  FROM edition t
  WHERE t.article_id = p.article_id
  AND t.locale = w.locale
  AND t.since <= ?
  AND t.until > ? ) AS basis
  FROM (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id CROSS
  JOIN ( SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale UNION ALL SELECT CAST(? AS TEXT) AS site_id, CAST(? AS TEXT) AS locale ) w
  WHERE w.site_id = p.site_id
  AND p.since <= ?
  AND p.until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND p.article_id IN (SELECT value
  FROM json_each(?)) ) x
  ORDER BY x.article_id;

