package redact_test

// exactWebhooks are the rows of the samples of fixtures/secrets/webhooks.txtar.
var exactWebhooks = []exact{
	{"slack", `Post "https://hooks.slack.<redacted:base64>": context deadline exceeded`},
	{"slack-workflow", `Post "https://hooks.slack.<redacted:base64>": timeout`},
	{"slack-trigger", `Post "https://hooks.slack.<redacted:base64>": timeout`},
	{
		"slack-escaped",
		`{"error":"Post \"https:\/\/hooks.slack.com\/services\/T0AAAAAAA\/B0BBBBBBB\/<redacted:base64>\": timeout"}`,
	},
	{"discord", `Post "https://discord.<redacted:base64>": 404`},
	{"discordapp", `Post "https://discordapp.<redacted:base64>": 404`},
	{"teams", `Post "https://acme.webhook.office.com/<redacted:webhook>": 400`},
	{"teams-old", `Post "https://outlook.office.com/webhook/<redacted:webhook>": 400`},
	{
		"teams-workflow",
		`Post "https://prod-00.westus.logic.azure.com:443/workflows/0a1b2c/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&` +
			`sig=<redacted:signature>": timeout`,
	},
	{"mattermost", `Post "https://chat.example.com/hooks/<redacted:webhook>": 404`},
	{"rocketchat", `Post "https://rocket.example.<redacted:base64>": 404`},
	{"zapier", `Post "https://hooks.zapier.com/hooks/<redacted:webhook>": 410`},
	{"pagerduty-integration", `Post "https://events.pagerduty.com/integration/<redacted:webhook>": 400`},
	{"opsgenie", `Post "https://api.opsgenie.com/v2/alerts?apiKey=<redacted:api-key>": 403`},
	{
		"googlechat",
		`Post "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=<redacted:secret>&token=<redacted:token>": 404`,
	},
	{"telegram", `Post "https://api.telegram.org/bot<redacted:webhook>": timeout`},
	{"webex", `Post "https://webexapis.<redacted:base64>": 404`},
	{"lark", `Post "https://open.larksuite.com/open-apis/bot/v2/hook/<redacted:webhook>": 404`},
	{"dingtalk", `Post "https://oapi.dingtalk.com/robot/send?access_token=<redacted:token>": 404`},
	{"ifttt", `Post "https://maker.ifttt.com/trigger/flux/with/key/<redacted:webhook>": 401`},
	{"make", `Post "https://hook.eu1.make.com/<redacted:webhook>": 410`},
	{"n8n", `Post "https://n8n.example.com/webhook/<redacted:webhook>": 404`},
	{"healthchecks", `Get "https://hc-ping.com/<redacted:webhook>": timeout`},
	{"oncall", `Post "https://oncall.example.<redacted:base64>": 404`},
	{"victorops", `Post "https://alert.victorops.com/integrations/<redacted:webhook>": 404`},
	{
		"receiver",
		`{"level":"info","logger":"receiver-server","msg":"handling request","path":"/hook/<redacted:webhook>"}`,
	},
	{"uptime-kuma", `Get "https://up.example.com/api/push/<redacted:webhook>?status=up": 404`},
	{
		"gitlab-trigger",
		`Post "https://gitlab.example.com/api/v4/projects/1/ref/main/trigger/pipeline?token=<redacted:token>": 404`,
	},
	{"jenkins", `Post "https://ci.example.com/generic-webhook-trigger/invoke?token=<redacted:token>": 404`},
	{"quickchat-own", `Post "https://alerts.example.<redacted:base64>": 404`},
}
