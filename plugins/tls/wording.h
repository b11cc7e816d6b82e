/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wordings: what a reply's text may say, word for word. A wording is a list of
 * words in lower case with one blank in between, each of them one of
 *
 *	a|b|c    one of these words
 *	a|b|c?   one of these words, or none
 *	%        one of the ways to say what TLS makes of a connection: "tls",
 *	         "an encrypted connection (tls)", "transport layer security" ...
 *	&        the same but for bare "encryption", which is said of messages, too
 *	$        a name: one word, in angle brackets or not, with a dot or '@' inside
 *
 * The text is that of struct reply (reply_text.h). Its words are of letters,
 * digits, "-_/'@+" and dots inside; a word may stand in quotes of its own, and
 * any blanks and line marks between two.
 */
#ifndef TLS_WORDING_H
#define TLS_WORDING_H

#include <stdbool.h>
#include <stdint.h>

/* Words of the ways that '%' stands for; other wordings need them, too. */
#define TLS_NAMES                                                              \
	"tls|starttls|ssl|tls/ssl|ssl/tls|tls/starttls|starttls/tls|tls/sslv3"
#define TLS_RELEASES "1.2|1.3|v1.2|v1.3|1.2+|1.3+|v1.2+|v1.3+"
#define TLS_NAMED_RELEASES                                                     \
	"tlsv1.2|tlsv1.3|tlsv1.2+|tlsv1.3+|tls1.2|tls1.3|tls1.2+|tls1.3+"
#define OR_HIGHER  "or? higher|later|newer|above|better|greater?"
#define LINK_NAMES "connection|connections|session|sessions|conversation"

/*
 * The words that a text or a wording may begin with, in bits: a text that has
 * none in common with a wording does not begin with it. That is much faster to
 * see than to match.
 */
uint64_t wording_first(const char *text);
uint64_t wording_firsts(const char *wording);

/* The place behind the wording when the text begins with it, or NULL. */
const char *wording_match(const char *text, const char *wording);

/*
 * Whether a wording may end at this place: at the end, a mark or the end of a
 * line, where help is found, before the last word when that is an id, or at a
 * word of the list next that goes on with the same thought, in a clause without
 * a word of the list veto. Both lists are those of words_list_has().
 */
bool wording_ends(const char *end, const char *next, const char *veto);

#endif
