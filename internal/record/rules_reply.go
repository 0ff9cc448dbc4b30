package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type reply = *daylightv1.AuthorityReply

func replyRules() []FlagRule {
	response := func(m reply) daylightv1.AuthorityResponse { return m.GetResponse() }
	const extension = daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_EXTENSION_REQUESTED
	return []FlagRule{
		is("reply-without-recommendation", "recommendation_id", WeightMissing, "It is not said which recommendation is answered.",
			func(m reply) bool { return m.GetRecommendationId() == "" }),
		is("reply-without-line", "line_id", WeightMissing, "It is not said which addressee answers.",
			func(m reply) bool { return m.GetLineId() == "" }),
		is("reply-without-response", "response", WeightMissing, "It is not said what the authority answers.",
			func(m reply) bool { return response(m) == 0 }),
		is("reply-without-date", "received_on", WeightMissing, "It is not said when the answer came, so it counts as the oldest.",
			func(m reply) bool { return m.GetReceivedOn() == "" }),
		is("received-before-dated", "received_on", WeightDoubt, "The answer came before the date on the letter.",
			func(m reply) bool { return before(m.GetReceivedOn(), m.GetDated()) }),
		is("no-response-with-text", "response", WeightDoubt, "The authority did not answer, and the text of an answer is given.",
			func(m reply) bool {
				return response(m) == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE && m.GetText() != ""
			}),
		is("claimed-without-evidence", "evidence", WeightRemark, "The authority says that it is done and shows nothing for it.",
			func(m reply) bool {
				return response(m) == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_CLAIMED_IMPLEMENTED && m.GetEvidence() == ""
			}),
		is("extension-without-date", "extension_until", WeightMissing, "The authority asks for more time, and it is not said until when.",
			func(m reply) bool { return response(m) == extension && m.GetExtensionUntil() == "" }),
		is("extension-not-asked", "extension_until", WeightDoubt, "A day is given to which time was asked for, and the answer asks for none.",
			func(m reply) bool { return response(m) != extension && response(m) != 0 && m.GetExtensionUntil() != "" }),
		is("extension-before-received", "extension_until", WeightDoubt, "More time is asked for until a day before the answer came.",
			func(m reply) bool { return before(m.GetExtensionUntil(), m.GetReceivedOn()) }),
	}
}

func commentRules() []FlagRule {
	type comment = *daylightv1.ReviewComment
	return []FlagRule{
		is("comment-without-text", "text", WeightMissing, "The comment says nothing.",
			func(m comment) bool { return m.GetText() == "" }),
		is("comment-about-nothing", "about_id", WeightMissing, "It is not said which record the comment is about.",
			func(m comment) bool { return m.GetAboutId() == "" || m.GetAboutKind() == "" }),
		is("comment-about-unknown-kind", "about_kind", WeightDoubt, "The comment is about a kind of record that this program does not know.",
			func(m comment) bool {
				_, err := ParseKind(m.GetAboutKind())
				return m.GetAboutKind() != "" && err != nil
			}),
		is("comment-about-unknown-field", "about_field", WeightDoubt, "The comment is about a field that this program does not know.",
			func(m comment) bool {
				kind, err := ParseKind(m.GetAboutKind())
				return err == nil && m.GetAboutField() != "" && fieldNamed(kind, m.GetAboutField()) == nil
			}),
		is("comment-replies-to-itself", "reply_to", WeightDoubt, "The comment is named as a reply to itself.",
			func(m comment) bool { return m.GetId() != "" && m.GetReplyTo() == m.GetId() }),
	}
}

// fieldNamed finds a top-level field of a kind; nil when there is none.
func fieldNamed(k Kind, name string) *Field {
	p := planOfKind(k)
	for i := range p.fields {
		if p.fields[i].Name == name {
			return &p.fields[i]
		}
	}
	return nil
}
