package redact

// rule is one row of the table of secrets.
type rule struct {
	kind string   // goes into the placeholder and is what is counted
	cues []string // where to look; in lower case, of four bytes or more

	// find returns the secret at the cue that stands from at to end, or nothing. It
	// must not tear a JSON escape apart nor reach over an unescaped quote of a line
	// of JSON, and it must take time in proportion to what it finds.
	find func(l *line, at, end int) span
}

// rules returns the table. Names are matched as the end of a longer one, such as
// db_password, and in any case.
func rules() []rule {
	return []rule{
		{"secret-data", []string{"data"}, dataBlock},
		{"sops-value", []string{"input string "}, sops},
		{"header-value", []string{"header field value"}, quoted},
		{"secret-data", []string{"byte of ...|", "context ...|"}, fragment},
		{"pem", []string{"-----begin"}, pem},

		{"authorization", []string{"authorization"}, header},
		{"authorization", []string{"bearer ", "basic "}, schemed},
		{"cookie", []string{"cookie"}, header},
		{"password", []string{"password", "passwd", "passphrase", "passwort"}, keyed},
		{"password", []string{`"pwd`, "_pwd", "-pwd", " pwd", ";pwd"}, keyed},
		{"token", []string{"token", "bearer"}, keyed},
		{"api-key", []string{"apikey", "api_key", "api-key"}, keyed},
		{"secret", []string{
			"secret", "credential", "credentials",
			"secretkey", "secret_key", "secret-key", "accesskey", "access_key", "access-key",
			"accountkey", "account_key", "privatekey", "private_key", "private-key",
			"signingkey", "signing_key", "encryptionkey", "encryption_key",
		}, keyed},
		{"signature", []string{"?sig", "&sig", "x-amz-signature"}, guarded},
		{"docker-auth", []string{`"auth`, "_auth"}, dockerAuth},

		token("age-key", "AGE-SECRET-KEY-1", 8, capitalByte),
		token("age-key", "AGE-SECRET-KEY-PQ-1", 8, capitalByte),
		token("github-token", "ghp_", 16, wordByte),
		token("github-token", "gho_", 16, wordByte),
		token("github-token", "ghu_", 16, wordByte),
		token("github-token", "ghs_", 16, wordByte),
		token("github-token", "ghr_", 16, wordByte),
		token("github-token", "github_pat_", 16, wordByte),
		token("gitlab-token", "glpat-", 12, wordDashByte),
		token("gitlab-token", "glptt-", 12, wordDashByte),
		token("gitlab-token", "gldt-", 12, wordDashByte),
		token("gitlab-token", "glrt-", 12, wordDashByte),
		token("gitlab-token", "glft-", 12, wordDashByte),
		token("gitlab-token", "glsoat-", 12, wordDashByte),
		token("gitlab-token", "glcbt-", 12, wordDashByte),
		token("gitlab-token", "glagent-", 12, wordDashByte),
		token("gitlab-token", "glimt-", 12, wordDashByte),
		token("gitlab-token", "glffct-", 12, wordDashByte),
		token("slack-token", "xoxb-", 10, wordDashByte),
		token("slack-token", "xoxp-", 10, wordDashByte),
		token("slack-token", "xoxa-", 10, wordDashByte),
		token("slack-token", "xoxr-", 10, wordDashByte),
		token("slack-token", "xoxc-", 10, wordDashByte),
		token("slack-token", "xoxd-", 10, wordDashByte),
		token("slack-token", "xoxs-", 10, wordDashByte),
		token("slack-token", "xoxe-", 10, wordDashByte),
		token("slack-token", "xoxe.", 10, wordDashByte),
		token("slack-token", "xapp-", 10, wordDashByte),
		token("google-key", "AIzaSy", 30, wordDashByte),
		token("google-key", "GOCSPX-", 20, wordDashByte),
		token("google-token", "ya29.", 20, wordDashByte),
		token("docker-token", "dckr_pat_", 16, wordDashByte),
		token("vault-token", "hvs.", 20, wordDashByte),
		token("grafana-token", "glsa_", 20, wordByte),
		whole(token("aws-key", "AKIA", 16, capitalByte)),
		whole(token("aws-key", "ASIA", 16, capitalByte)),
		{"jwt", []string{".eyj"}, jwt},

		after("webhook", "hooks.slack.com/services/", 8),
		after("webhook", "hooks.slack.com/workflows/", 8),
		after("webhook", "hooks.slack.com/triggers/", 8),
		after("webhook", "/api/webhooks/", 16),
		after("webhook", "webhook.office.com/", 16),
		after("webhook", "telegram.org/bot", 16),
		after("webhook", "/hook/", 32),
	}
}
