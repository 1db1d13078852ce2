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
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.locale IN (SELECT value
  FROM json_each(?))
  AND CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 END < CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 END )
  AND ( ( p.slug IN (SELECT value
  FROM json_each(?)) ) )
  ORDER BY p.published_at DESC, p.article_id DESC
  LIMIT ? OFFSET ?;

SELECT k.target_id, COUNT(*) AS total
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.locale IN (SELECT value
  FROM json_each(?))
  AND CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 END < CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 END )
  GROUP BY k.target_id;

SELECT f.target_id, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
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
  JOIN ( SELECT k.target_id, p.id AS source_id, ROW_NUMBER() OVER (PARTITION BY k.target_id
  ORDER BY p.published_at DESC, p.article_id DESC) AS place
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.locale IN (SELECT value
  FROM json_each(?))
  AND CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 END < CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 END ) ) f ON f.source_id = p.id
  WHERE f.place <= ?
  ORDER BY f.target_id, f.place;

SELECT article_id, locale, edition_id, live_from, live_until, since, until
  FROM publication p
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  ORDER BY live_from;

SELECT f.target_id, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
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
  JOIN ( SELECT k.target_id, p.id AS source_id, ROW_NUMBER() OVER (PARTITION BY k.target_id
  ORDER BY p.published_at DESC, p.article_id DESC) AS place
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.locale IN (SELECT value
  FROM json_each(?))
  AND CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 END < CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 END ) ) f ON f.source_id = p.id
  WHERE f.place <= ?
  ORDER BY f.target_id, f.place;

