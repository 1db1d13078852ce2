SELECT '' AS term, passages, 0 AS goes_on
  FROM search_index UNION ALL SELECT term, SUM(passages), 0
  FROM search_word
  WHERE term IN (SELECT value
  FROM json_each(?))
  GROUP BY term UNION ALL SELECT term, passages, 1
  FROM (SELECT term, SUM(passages) AS passages
  FROM search_word
  WHERE word > ?
  AND word < ?
  GROUP BY term
  ORDER BY passages DESC, term
  LIMIT ?) going_on;

WITH found AS MATERIALIZED ( SELECT id, edition_id, total
  FROM (SELECT m.id, m.edition_id, COUNT(*) OVER () AS total, MAX(m.promise) OVER (PARTITION BY m.edition_id) AS best, ROW_NUMBER() OVER (PARTITION BY m.edition_id
  ORDER BY CASE WHEN m.id % 1048576 = 0 THEN 0 ELSE 1 END, m.promise DESC, m.id) AS turn
  FROM ( SELECT rowid AS id, rowid / 1048576 AS edition_id, -bm25(passage, 2.0, 3.0, 2.0, 1.0) AS promise
  FROM passage
  WHERE passage MATCH ?
  AND EXISTS ( SELECT e.id
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND 1 = 1
  AND e.id = passage.rowid / 1048576) ) m) n
  WHERE turn <= ? OR total < ?
  ORDER BY best DESC, edition_id DESC, turn
  LIMIT ? ) SELECT f.id, p.article_id, f.total, t.title, t.heading, t.summary, t.body
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN found f ON f.edition_id = e.id
  JOIN passage t ON t.rowid = f.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?));

SELECT json_group_array(json_array(1, e.tags, s.key)) AS gathered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND p.article_id IN (SELECT value
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
  AND p.locale IN (SELECT value
  FROM json_each(?));

SELECT k.target_id, COUNT(*) AS total
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN publication p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  GROUP BY k.target_id;

SELECT json_group_array(json_array(k.target_id, 1, e.tags, (SELECT SUM(DISTINCT CASE c.kind WHEN 'prose' THEN 1 WHEN 'key_insights' THEN 2 WHEN 'image_gallery' THEN 4 WHEN 'faq' THEN 8 WHEN 'related' THEN 16 WHEN 'pros_and_cons' THEN 32 WHEN 'final_thoughts' THEN 64 ELSE 0 END)
  FROM section c
  WHERE c.edition_id = e.id))) AS gathered
  FROM ( SELECT DISTINCT target_id, edition_id
  FROM link
  WHERE target_id IN (SELECT value
  FROM json_each(?)) ) k
  JOIN publication p ON p.edition_id = k.edition_id
  AND p.article_id <> k.target_id
  JOIN site s ON s.id = p.site_id
  JOIN edition e ON e.id = p.edition_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?));

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

