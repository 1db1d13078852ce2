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
  AND passage.rowid / 1048576 IN ( SELECT e.id
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
  AND ( ( s.key = ? ) ) ) ) m) n
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

SELECT w.word, w.term, SUM(w.passages) AS passages
  FROM search_word w
  WHERE w.word IN (SELECT f.word
  FROM search_form f
  WHERE f.form IN (SELECT value
  FROM json_each(?)) )
  GROUP BY w.word, w.term
  ORDER BY w.word, w.term;

WITH found AS MATERIALIZED ( SELECT id, edition_id, total
  FROM (SELECT m.id, m.edition_id, COUNT(*) OVER () AS total, MAX(m.promise) OVER (PARTITION BY m.edition_id) AS best, ROW_NUMBER() OVER (PARTITION BY m.edition_id
  ORDER BY CASE WHEN m.id % 1048576 = 0 THEN 0 ELSE 1 END, m.promise DESC, m.id) AS turn
  FROM ( SELECT rowid AS id, rowid / 1048576 AS edition_id, -bm25(passage, 2.0, 3.0, 2.0, 1.0) AS promise
  FROM passage
  WHERE passage MATCH ?
  AND passage.rowid / 1048576 IN ( SELECT e.id
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
  AND ( ( s.key = ? ) ) ) ) m) n
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

