SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

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
  WHERE u.spoken = 1) THEN 1 ELSE 0 END = 1 ) SELECT COUNT(*) AS total
  FROM moved m
  WHERE m.turn = 1
  AND m.stays = 1;

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
  WHERE u.spoken = 1) THEN 1 ELSE 0 END = 1 ) SELECT m.path, m.article_id, m.locale
  FROM moved m
  WHERE m.turn = 1
  AND m.stays = 1
  ORDER BY m.path ASC
  LIMIT ? OFFSET ?;

SELECT p.article_id, p.locale, p.slug
  FROM publication p
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  ORDER BY CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END;

