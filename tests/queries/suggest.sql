SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT json_group_array(json_array(e.id)) AS gathered
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
  AND p.site_id = ?;

SELECT t.slug, MIN(t.name) AS name
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN tag t ON t.edition_id = e.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?))
  AND p.site_id = ?
  GROUP BY t.slug
  ORDER BY t.slug
  LIMIT ?;

SELECT json_group_array(json_array(id, article_id, title)) AS gathered
  FROM edition
  WHERE id IN (SELECT value
  FROM json_each(?));

SELECT json_group_array(json_array(edition_id, position, question)) AS gathered
  FROM question
  WHERE edition_id IN (SELECT value
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

