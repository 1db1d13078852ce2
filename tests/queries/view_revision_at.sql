SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.slug = ?
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  ORDER BY CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END , p.article_id;

SELECT p.article_id, p.site_id, p.locale, p.since, p.id, p.live_until, (SELECT r.moment
  FROM revision r
  WHERE r.number = p.until
  AND r.number <= ?) AS closed
  FROM publication p
  WHERE p.slug = ?
  AND 1 = 1
  AND p.since <= ?
  AND p.live_from <= ?
  AND (p.until > ? OR p.live_from <= (SELECT r.moment
  FROM revision r
  WHERE r.number = p.until))
  AND 1 = 1;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN redirect d ON d.edition_id = e.id
  WHERE d.address IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  ORDER BY p.published_at DESC, p.article_id, p.locale;

