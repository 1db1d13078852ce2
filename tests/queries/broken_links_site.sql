SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT DISTINCT p.site_id, k.url AS link_url
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN link k ON k.edition_id = e.id
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
  AND p.site_id = ?
  AND ( SUBSTR(k.url, 1, 1) = '/' OR (p.site_id = ?
  AND instr(LOWER(k.url), ?) > 0 ) )
  AND NOT EXISTS (SELECT 1
  FROM publication t
  WHERE t.article_id = k.target_id
  AND t.since <= ?
  AND t.until > ?
  AND t.live_from <= ?
  AND t.live_until > ?
  AND 1 = 1 );

WITH used AS MATERIALIZED ( SELECT p.site_id, '/' || p.locale || '/' || p.slug AS path, p.article_id, p.locale, CASE WHEN 1 = 1 THEN 1 ELSE 0 END AS spoken, CASE WHEN 1 = 1 THEN 1 ELSE 0 END AS shown
  FROM publication p
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.site_id = ? ), old AS ( SELECT p.site_id, '/' || p.locale || '/' || p.slug AS path, p.article_id, p.locale, p.locale AS own, 0 AS source, ROW_NUMBER() OVER (PARTITION BY p.site_id, p.locale, p.slug
  ORDER BY MIN(p.live_until, COALESCE(r.moment, p.live_until), ?) DESC, p.since DESC, p.id DESC) AS place
  FROM publication p LEFT
  JOIN revision r ON r.number = p.until
  AND r.number <= ?
  WHERE 1 = 1
  AND p.since <= ?
  AND p.live_from <= ?
  AND (p.until > ? OR p.live_from <= (SELECT r.moment
  FROM revision r
  WHERE r.number = p.until))
  AND CASE WHEN p.article_id IN (SELECT u.article_id
  FROM used u
  WHERE u.spoken = 1) THEN 1 ELSE 0 END = 1
  AND p.site_id = ? UNION ALL SELECT i.site_id, i.path, i.article_id, i.locale, CASE WHEN i.path LIKE '/%/%'
  AND i.site_id || SUBSTR(i.path, 2, INSTR(SUBSTR(i.path, 2) || '/', '/') - 1) IN (SELECT value
  FROM json_each(?)) THEN SUBSTR(i.path, 2, INSTR(SUBSTR(i.path, 2) || '/', '/') - 1) END AS own, 1 AS source, ROW_NUMBER() OVER (PARTITION BY i.site_id, i.path
  ORDER BY i.newest DESC, i.article_id, CASE WHEN i.published_at = 9223372036854775807 THEN 1 ELSE 0 END, i.published_at DESC, i.locale) AS place
  FROM (SELECT p.site_id, RTRIM(d.address, '/') AS path, p.article_id, p.locale, p.published_at, MAX(p.published_at) OVER (PARTITION BY p.site_id, RTRIM(d.address, '/'), p.article_id) AS newest
  FROM publication p
  JOIN redirect d ON d.edition_id = p.edition_id
  WHERE SUBSTR(d.address, 1, 1) = '/'
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.site_id = ? ) i
  WHERE i.path <> '' ), moved AS (SELECT o.site_id, o.path, o.article_id, o.locale, CASE WHEN o.own IS NULL THEN 1 WHEN o.own = o.locale
  AND o.article_id || o.own IN (SELECT u.article_id || u.locale
  FROM used u
  WHERE u.shown = 1) THEN 1 ELSE 0 END AS stays, ROW_NUMBER() OVER (PARTITION BY o.site_id, o.path
  ORDER BY o.source) AS turn
  FROM old o
  WHERE o.place = 1
  AND o.site_id || o.path NOT IN (SELECT u.site_id || u.path
  FROM used u)
  AND CASE WHEN o.article_id IN (SELECT u.article_id
  FROM used u
  WHERE u.spoken = 1) THEN 1 ELSE 0 END = 1 ) SELECT x.site_id || x.path AS place
  FROM (SELECT u.site_id, u.path
  FROM used u
  WHERE u.spoken = 1 UNION ALL SELECT m.site_id, m.path
  FROM moved m
  WHERE m.turn = 1) x
  WHERE x.site_id || x.path IN (SELECT value
  FROM json_each(?));

SELECT k.kind AS link_kind, k.position AS link_position, k.section AS link_section, k.label AS link_label, k.url AS link_url, CASE WHEN k.target_id IS NULL THEN 0 ELSE 1 END AS has_target, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN link k ON k.edition_id = e.id
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
  AND p.site_id = ?
  AND NOT EXISTS (SELECT 1
  FROM publication t
  WHERE t.article_id = k.target_id
  AND t.since <= ?
  AND t.until > ?
  AND t.live_from <= ?
  AND t.live_until > ?
  AND 1 = 1 )
  AND ( p.site_id || k.url IN (SELECT value
  FROM json_each(?)) OR (k.target_id IS NOT NULL
  AND k.url IS NULL) OR (k.target_id IS NOT NULL
  AND NOT p.site_id || k.url IN (SELECT value
  FROM json_each(?)) ) )
  ORDER BY p.published_at DESC, p.article_id DESC, k.kind ASC, k.position ASC
  LIMIT ? OFFSET ?;

