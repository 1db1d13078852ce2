SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT moment
  FROM revision
  WHERE number = ?;

SELECT moment
  FROM revision
  WHERE number = ?;

SELECT x.*
  FROM ( SELECT c.revision_id AS revision, r.moment, c.position, c.article_id, c.locale, COALESCE(c.site_id, h.site_id) AS site_id, CASE WHEN c.article_id IS NULL OR c.kind = 'rendered' THEN c.kind WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM change c
  JOIN revision r ON r.number = c.revision_id LEFT
  JOIN article h ON h.id = c.article_id LEFT
  JOIN edition e ON e.id = c.edition_id LEFT
  JOIN publication n ON n.article_id = c.article_id
  AND n.locale = c.locale
  AND n.live_from <= r.moment
  AND n.live_until > r.moment
  AND n.since <= c.revision_id
  AND n.until > c.revision_id LEFT
  JOIN publication o ON o.article_id = c.article_id
  AND o.locale = c.locale
  AND o.live_from <= r.moment
  AND o.live_until > r.moment
  AND o.since < c.revision_id
  AND o.until >= c.revision_id
  WHERE c.kind <> 'compacted'
  AND (c.article_id IS NULL OR (c.kind = 'rendered'
  AND n.edition_id = c.edition_id) OR (c.kind <> 'rendered'
  AND (COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at)
  AND NOT EXISTS (SELECT 1
  FROM change m
  WHERE m.article_id = c.article_id
  AND m.locale = c.locale
  AND m.revision_id = c.revision_id
  AND m.position > c.position)))
  AND c.revision_id <= ?
  AND (c.revision_id > ? OR (c.revision_id = ?
  AND c.position > CAST(? AS BIGINT)))) x
  WHERE ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND 1 = 0
  ORDER BY x.revision, x.position
  LIMIT ?;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT x.*
  FROM (SELECT d.*, CASE WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM (SELECT b.*, (SELECT v.number
  FROM revision v
  WHERE v.moment < b.moment
  AND v.number <= ?
  ORDER BY v.moment DESC, v.number DESC
  LIMIT 1) AS revision, 9223372036854775807 AS position
  FROM ( SELECT article_id, locale, site_id, live_from AS moment
  FROM publication
  WHERE live_from >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_from <= ? UNION SELECT article_id, locale, site_id, live_until AS moment
  FROM publication
  WHERE live_until >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_until <= ? ) b) d LEFT
  JOIN publication n ON n.article_id = d.article_id
  AND n.locale = d.locale
  AND n.since <= d.revision
  AND n.until > d.revision
  AND n.live_from = d.moment LEFT
  JOIN publication o ON o.article_id = d.article_id
  AND o.locale = d.locale
  AND o.since <= d.revision
  AND o.until > d.revision
  AND o.live_until = d.moment
  WHERE COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at) x
  WHERE (x.revision > ? OR x.moment > ? OR (x.moment = ?
  AND (x.article_id > ? OR (x.article_id = ?
  AND x.locale > ?))))
  AND ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND 1 = 0
  ORDER BY x.revision, x.moment, x.article_id, x.locale
  LIMIT ?;

SELECT x.*
  FROM ( SELECT c.revision_id AS revision, r.moment, c.position, c.article_id, c.locale, COALESCE(c.site_id, h.site_id) AS site_id, CASE WHEN c.article_id IS NULL OR c.kind = 'rendered' THEN c.kind WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM change c
  JOIN revision r ON r.number = c.revision_id LEFT
  JOIN article h ON h.id = c.article_id LEFT
  JOIN edition e ON e.id = c.edition_id LEFT
  JOIN publication n ON n.article_id = c.article_id
  AND n.locale = c.locale
  AND n.live_from <= r.moment
  AND n.live_until > r.moment
  AND n.since <= c.revision_id
  AND n.until > c.revision_id LEFT
  JOIN publication o ON o.article_id = c.article_id
  AND o.locale = c.locale
  AND o.live_from <= r.moment
  AND o.live_until > r.moment
  AND o.since < c.revision_id
  AND o.until >= c.revision_id
  WHERE c.kind <> 'compacted'
  AND (c.article_id IS NULL OR (c.kind = 'rendered'
  AND n.edition_id = c.edition_id) OR (c.kind <> 'rendered'
  AND (COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at)
  AND NOT EXISTS (SELECT 1
  FROM change m
  WHERE m.article_id = c.article_id
  AND m.locale = c.locale
  AND m.revision_id = c.revision_id
  AND m.position > c.position)))
  AND c.revision_id <= ?
  AND (c.revision_id > ? OR (c.revision_id = ?
  AND c.position > CAST(? AS BIGINT)))) x
  WHERE ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND x.kind IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  AND x.site_id IN (?)
  ORDER BY x.revision, x.position
  LIMIT ?;

SELECT x.*
  FROM (SELECT d.*, CASE WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM (SELECT b.*, (SELECT v.number
  FROM revision v
  WHERE v.moment < b.moment
  AND v.number <= ?
  ORDER BY v.moment DESC, v.number DESC
  LIMIT 1) AS revision, 9223372036854775807 AS position
  FROM ( SELECT article_id, locale, site_id, live_from AS moment
  FROM publication
  WHERE live_from >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_from <= ? UNION SELECT article_id, locale, site_id, live_until AS moment
  FROM publication
  WHERE live_until >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_until <= ? ) b) d LEFT
  JOIN publication n ON n.article_id = d.article_id
  AND n.locale = d.locale
  AND n.since <= d.revision
  AND n.until > d.revision
  AND n.live_from = d.moment LEFT
  JOIN publication o ON o.article_id = d.article_id
  AND o.locale = d.locale
  AND o.since <= d.revision
  AND o.until > d.revision
  AND o.live_until = d.moment
  WHERE COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at) x
  WHERE (x.revision > ? OR x.moment > ? OR (x.moment = ?
  AND (x.article_id > ? OR (x.article_id = ?
  AND x.locale > ?))))
  AND ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND x.kind IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  AND x.site_id IN (?)
  ORDER BY x.revision, x.moment, x.article_id, x.locale
  LIMIT ?;

SELECT c.revision AS then_revision, c.moment AS then_moment, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM (SELECT json_extract(value, '$[0]') AS revision, json_extract(value, '$[1]') AS moment, json_extract(value, '$[2]') AS article_id
  FROM json_each(?)) c CROSS
  JOIN publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id = c.article_id
  AND p.since <= c.revision
  AND p.until > c.revision
  AND p.live_from <= c.moment
  AND p.live_until > c.moment
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= c.revision
  AND o.until > c.revision
  AND o.live_from <= c.moment
  AND o.live_until > c.moment
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

SELECT x.*
  FROM ( SELECT c.revision_id AS revision, r.moment, c.position, c.article_id, c.locale, COALESCE(c.site_id, h.site_id) AS site_id, CASE WHEN c.article_id IS NULL OR c.kind = 'rendered' THEN c.kind WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM change c
  JOIN revision r ON r.number = c.revision_id LEFT
  JOIN article h ON h.id = c.article_id LEFT
  JOIN edition e ON e.id = c.edition_id LEFT
  JOIN publication n ON n.article_id = c.article_id
  AND n.locale = c.locale
  AND n.live_from <= r.moment
  AND n.live_until > r.moment
  AND n.since <= c.revision_id
  AND n.until > c.revision_id LEFT
  JOIN publication o ON o.article_id = c.article_id
  AND o.locale = c.locale
  AND o.live_from <= r.moment
  AND o.live_until > r.moment
  AND o.since < c.revision_id
  AND o.until >= c.revision_id
  WHERE c.kind <> 'compacted'
  AND (c.article_id IS NULL OR (c.kind = 'rendered'
  AND n.edition_id = c.edition_id) OR (c.kind <> 'rendered'
  AND (COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at)
  AND NOT EXISTS (SELECT 1
  FROM change m
  WHERE m.article_id = c.article_id
  AND m.locale = c.locale
  AND m.revision_id = c.revision_id
  AND m.position > c.position)))
  AND c.revision_id <= ?
  AND (c.revision_id > ? OR (c.revision_id = ?
  AND c.position > CAST(? AS BIGINT)))) x
  WHERE ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND x.kind IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ORDER BY x.revision, x.position
  LIMIT ?;

SELECT x.*
  FROM (SELECT d.*, CASE WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind
  FROM (SELECT b.*, (SELECT v.number
  FROM revision v
  WHERE v.moment < b.moment
  AND v.number <= ?
  ORDER BY v.moment DESC, v.number DESC
  LIMIT 1) AS revision, 9223372036854775807 AS position
  FROM ( SELECT article_id, locale, site_id, live_from AS moment
  FROM publication
  WHERE live_from >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_from <= ? UNION SELECT article_id, locale, site_id, live_until AS moment
  FROM publication
  WHERE live_until >= COALESCE((SELECT v.moment
  FROM revision v
  WHERE v.number = ?
  AND v.moment < ?), ?)
  AND live_until <= ? ) b) d LEFT
  JOIN publication n ON n.article_id = d.article_id
  AND n.locale = d.locale
  AND n.since <= d.revision
  AND n.until > d.revision
  AND n.live_from = d.moment LEFT
  JOIN publication o ON o.article_id = d.article_id
  AND o.locale = d.locale
  AND o.since <= d.revision
  AND o.until > d.revision
  AND o.live_until = d.moment
  WHERE COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at) x
  WHERE (x.revision > ? OR x.moment > ? OR (x.moment = ?
  AND (x.article_id > ? OR (x.article_id = ?
  AND x.locale > ?))))
  AND ((x.article_id IS NOT NULL
  AND 1 = 1
  AND 1 = 1 ) OR (x.article_id IS NULL
  AND 1 = 1 ))
  AND x.kind IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ORDER BY x.revision, x.moment, x.article_id, x.locale
  LIMIT ?;

