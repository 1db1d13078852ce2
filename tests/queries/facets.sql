SELECT json_group_array(json_array(1, e.tags, e.authors, p.published_at, s.key, p.locale, (SELECT SUM(DISTINCT CASE c.kind WHEN 'prose' THEN 1 WHEN 'key_insights' THEN 2 WHEN 'image_gallery' THEN 4 WHEN 'faq' THEN 8 WHEN 'related' THEN 16 WHEN 'pros_and_cons' THEN 32 WHEN 'final_thoughts' THEN 64 ELSE 0 END)
  FROM section c
  WHERE c.edition_id = e.id))) AS gathered
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

