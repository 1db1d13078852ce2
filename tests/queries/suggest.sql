SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT word, term, passages, 0 AS grows
  FROM search_word
  WHERE word IN (SELECT value
  FROM json_each(?)) UNION ALL SELECT word, term, passages, 1 AS grows
  FROM (SELECT word, term, passages
  FROM (SELECT word, term, passages
  FROM search_word
  WHERE word >= ?
  AND word < ?
  ORDER BY word, language
  LIMIT ?) begin0
  ORDER BY CASE WHEN word = ? THEN 0 ELSE 1 END, passages DESC, word, term
  LIMIT ?) most0;

WITH found AS MATERIALIZED (SELECT w.id, w.edition_id
  FROM ( SELECT t.rowid AS id, t.rowid / 1048576 AS edition_id, t.title, t.heading
  FROM passage t
  WHERE t.passage MATCH ? ) w
  WHERE w.id % 1048576 = 0
  AND ( instr(' ' || w.title || ' ', ?) > 0 )
  AND EXISTS (SELECT 1
  FROM publication h
  WHERE h.edition_id = w.edition_id
  AND h.since <= ?
  AND h.until > ?
  AND h.live_from <= ?
  AND h.live_until > ?
  AND h.locale IN (SELECT value
  FROM json_each(?)) )
  ORDER BY w.id DESC
  LIMIT ?) SELECT p.article_id, e.id AS edition_id, e.title
  FROM found f CROSS
  JOIN publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE f.edition_id = p.edition_id
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND p.site_id = ?;

WITH found AS MATERIALIZED (SELECT w.id, w.edition_id
  FROM ( SELECT t.rowid AS id, t.rowid / 1048576 AS edition_id, t.title, t.heading
  FROM passage t
  WHERE t.passage MATCH ? ) w
  WHERE w.id % 1048576 >= 524288
  AND ( instr(' ' || w.heading || ' ', ?) > 0 )
  AND EXISTS (SELECT 1
  FROM publication h
  WHERE h.edition_id = w.edition_id
  AND h.since <= ?
  AND h.until > ?
  AND h.live_from <= ?
  AND h.live_until > ?
  AND h.locale IN (SELECT value
  FROM json_each(?)) )
  ORDER BY w.id DESC
  LIMIT ?) SELECT p.article_id, e.id AS edition_id, q.question, q.position
  FROM found f CROSS
  JOIN publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN question q ON q.edition_id = e.id
  AND q.position = f.id % 1048576 - 524288
  WHERE f.edition_id = p.edition_id
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND p.site_id = ?;

WITH found AS MATERIALIZED (SELECT w.id, w.edition_id
  FROM ( SELECT t.rowid AS id, t.rowid / 1048576 AS edition_id, t.title, t.heading
  FROM passage t
  WHERE t.passage MATCH ? ) w
  WHERE w.id % 1048576 = 0
  AND ( instr(' ' || w.heading || ' ', ?) > 0 )
  AND EXISTS (SELECT 1
  FROM publication h
  WHERE h.edition_id = w.edition_id
  AND h.since <= ?
  AND h.until > ?
  AND h.live_from <= ?
  AND h.live_until > ?
  AND h.locale IN (SELECT value
  FROM json_each(?)) )
  ORDER BY w.id DESC
  LIMIT ?) SELECT p.article_id, e.id AS edition_id, e.tags
  FROM found f CROSS
  JOIN publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE f.edition_id = p.edition_id
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND p.site_id = ?;

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

SELECT json_group_array(json_array(edition_id, key, position, section, anchor, question, answer_markdown, answer_html, answer_text, word_count, images)) AS gathered
  FROM question
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

