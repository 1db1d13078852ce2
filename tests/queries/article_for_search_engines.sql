SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.locale = ?
  AND p.slug = ?
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  ORDER BY p.article_id;

SELECT json_group_array(json_array(edition_id, key, position, section, anchor, question, answer_markdown, answer_html, answer_text, word_count, images)) AS gathered
  FROM question
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT e.id, e.seo
  FROM edition e
  WHERE e.id IN (SELECT value
  FROM json_each(?));

