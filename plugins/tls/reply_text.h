/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A remote server's reply, taken apart: reply code (RFC 5321), enhanced status
 * code (RFC 3463) and text; and the phrases in the text that may be a wording,
 * behind what servers put in front of them.
 *
 * The text is in lower case, and "isn't" is "is not" in it, "can't"
 * and "cannot" are "can not", "won't" is "will not". A mark stands where
 * a line of a longer reply begins, behind the blank that joins it to the line
 * before: one mark for a new sentence, another for what begins in lower case
 * and may go on with that line's sentence.
 */
#ifndef TLS_REPLY_TEXT_H
#define TLS_REPLY_TEXT_H

#include <stdbool.h>

#define REPLY_NEW_SENTENCE  "\n"
#define REPLY_SAME_SENTENCE "\r"
#define REPLY_LINE_MARKS    REPLY_NEW_SENTENCE REPLY_SAME_SENTENCE

/*
 * What a reply means is said in its beginning. Of one that does not fit, the
 * rest is not looked at: the text ends in an 'x', which ends no wording.
 */
#define REPLY_TEXT_LIMIT 4096

/* Points into the reply that it was parsed from. */
struct reply {
	const char *code; /* three digits, not terminated */
	char class; /* of the enhanced code, its first digit; '\0': none */
	char enhanced[8]; /* its subject and detail, "7.29"; or "none" */
	char text[REPLY_TEXT_LIMIT]; /* see above */
};

/*
 * The reply in a reason, from its code on, when the reason is one of those
 * in which the SMTP client reports a reply: "host H said: REPLY" or "host H
 * refused to talk to me: REPLY" (smtp/smtp_proto.c). NULL otherwise.
 */
const char *reply_in(const char *reason);

/*
 * Takes apart what reply_in() found. False for what is no reply, and for one
 * that begins with an enhanced code whose subject and detail are not in the
 * list (words_list_has()), which is read no further.
 */
bool reply_parse(struct reply *reply, const char *text, const char *enhanced);

/* Where the text's own words begin: behind a host name and three prefixes. */
const char *reply_phrase(const struct reply *reply);

/*
 * The same behind a sentence that only refuses, "access denied. ", at the
 * beginning of a phrase; NULL when it has none. Such a sentence may be half of
 * a wording, so try the phrase first: "plaintext connections refused, ...".
 */
const char *reply_next_phrase(const char *phrase);

/*
 * Behind the blanks and line marks at a place in the text. A loop of its own:
 * strspn(3) is slow to begin.
 */
static inline const char *
reply_skip_blanks(const char *text)
{
	while (*text == ' ' || *text == REPLY_NEW_SENTENCE[0] ||
		*text == REPLY_SAME_SENTENCE[0])
		text++;
	return text;
}

#endif
