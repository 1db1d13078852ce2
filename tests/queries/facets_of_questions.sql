SELECT json_group_array(json_array((SELECT COUNT(*)
  FROM question q
  WHERE q.edition_id = e.id
  AND ( ( instr(q.question_folded, ?) > 0 ) ) ), e.tags, e.authors, p.published_at, s.key, p.locale)) AS gathered
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
  AND 1 = 1;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

