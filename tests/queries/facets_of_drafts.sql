SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT json_group_array(json_array(1, e.tags, p.published_at)) AS gathered
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
  AND ( ( EXISTS (SELECT 1
  FROM tag t
  WHERE t.edition_id = e.id
  AND ( t.slug = ? ) ) ) );

SELECT json_group_array(json_array(1, e.tags, p.published_at)) AS gathered
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
  AND 1 = 1;

