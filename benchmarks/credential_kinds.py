"""Kinds of credentials, made up and valid in form, for `credentials.py`.

Read for the forms: Cloudflare's "Token formats" (cfut_, cfat_, cfk_), Vercel's changelog "New token formats and secret
scanning" (vcp_, vck_, …), Netlify's "Change to the authentication token format" (nfp_, 40 characters in all), OpenRouter's
"Secret formats" (AWS, GitHub, GitLab, OpenAI, Anthropic, OpenRouter, Google, Stripe, Slack), and for prefixes and lengths of
most others the list that gitleaks looks for. JWT, PEM and Basic are as RFC 7519, 7468 and 7617 have them. The issuers'
pages were not read for: Pinecone, Fireworks, Render, Resend, Supabase, LangSmith, Langfuse, Groq, Replicate, xAI, NVIDIA,
Tavily, DeepSeek, Bitbucket, HubSpot, PayPal, Docker, Azure DevOps, Tencent: these are as their keys are commonly seen.
"""

from __future__ import annotations

import base64
import random
import re
import string
from typing import Final, NamedTuple


class Kind(NamedTuple):
    """One kind of credential; `{a36}` stands for 36 random letters and digits, `[[…]]` for what must not be left."""

    name: str
    key: str
    """What it is called where it is assigned."""
    form: str
    says: tuple[str, ...] = ()
    """Its own surroundings, with `@` where the form stands; the usual ones where there are none."""
    own: bool = True
    """The form tells what it is, whatever stands around it."""


ALPHABETS: Final = {
    "a": string.ascii_letters + string.digits,
    "w": string.ascii_letters + string.digits + "_-",
    "b": string.ascii_letters + string.digits + "+/",
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "c": string.ascii_uppercase + "234567",
    "L": string.ascii_letters,
    "z": string.ascii_lowercase,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "d": string.digits,
    "p": string.ascii_letters + string.digits + "!#$%^*~",
}
_SLOT: Final = re.compile(r"\{([a-zA-Z])([0-9]+)\}")
UUID: Final = "{h8}-{h4}-4{h3}-a{h3}-{h12}"


def _pem(kind: str, lines: int = 12) -> str:
    body = "\n".join("{b64}" for _ in range(lines))
    return f"-----BEGIN {kind}-----\n[[{body}\n{{b40}}==]]\n-----END {kind}-----"


OPENSSH: Final = _pem("OPENSSH PRIVATE KEY")
RSA: Final = _pem("RSA PRIVATE KEY", 20)
KINDS: Final = (
    Kind("openai project", "OPENAI_API_KEY", "sk-proj-{w74}T3BlbkFJ{w74}"),
    Kind("openai legacy", "OPENAI_API_KEY", "sk-{a20}T3BlbkFJ{a20}"),
    Kind("openai service account", "OPENAI_API_KEY", "sk-svcacct-{w74}T3BlbkFJ{w74}"),
    Kind("anthropic", "ANTHROPIC_API_KEY", "sk-ant-api03-{w93}AA"),
    Kind("openrouter", "OPENROUTER_API_KEY", "sk-or-v1-{h64}"),
    Kind("deepseek", "DEEPSEEK_API_KEY", "sk-{h32}"),
    Kind("langfuse", "LANGFUSE_SECRET_KEY", "sk-lf-" + UUID),
    Kind("langsmith", "LANGSMITH_API_KEY", "lsv2_pt_{h32}_{h10}"),
    Kind("groq", "GROQ_API_KEY", "gsk_{a52}"),
    Kind("replicate", "REPLICATE_API_TOKEN", "r8_{a37}"),
    Kind("perplexity", "PPLX_API_KEY", "pplx-{a48}"),
    Kind("xai", "XAI_API_KEY", "xai-{a80}"),
    Kind("nvidia", "NVIDIA_API_KEY", "nvapi-{w64}"),
    Kind("tavily", "TAVILY_API_KEY", "tvly-{a32}"),
    Kind("pinecone", "PINECONE_API_KEY", "pcsk_{a6}_{a63}"),
    Kind("hugging face", "HF_TOKEN", "hf_{L34}"),
    Kind("fireworks", "FIREWORKS_API_KEY", "fw_{a24}"),
    Kind("aws key id", "AWS_ACCESS_KEY_ID", "AKIA{c16}"),
    Kind("aws temporary key id", "AWS_ACCESS_KEY_ID", "ASIA{c16}"),
    Kind("aws secret", "AWS_SECRET_ACCESS_KEY", "{b40}", own=False),
    Kind("aws session token", "AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2Vj{b300}==", own=False),
    Kind("aws bedrock", "AWS_BEARER_TOKEN_BEDROCK", "ABSK{b128}"),
    Kind("github personal", "GITHUB_TOKEN", "ghp_{a36}"),
    Kind("github oauth", "GITHUB_TOKEN", "gho_{a36}"),
    Kind("github user", "GITHUB_TOKEN", "ghu_{a36}"),
    Kind("github server", "GITHUB_TOKEN", "ghs_{a36}"),
    Kind("github refresh", "GITHUB_TOKEN", "ghr_{a76}"),
    Kind("github fine-grained", "GITHUB_TOKEN", "github_pat_{a22}_{a59}"),
    Kind("gitlab personal", "GITLAB_TOKEN", "glpat-{w20}"),
    Kind("gitlab routable", "GITLAB_TOKEN", "glpat-{w27}.{l2}.{l9}"),
    Kind("gitlab deploy", "GITLAB_TOKEN", "gldt-{w20}"),
    Kind("gitlab runner", "GITLAB_TOKEN", "glrt-{w20}"),
    Kind("gitlab application", "GITLAB_SECRET", "gloas-{h64}"),
    Kind("slack bot", "SLACK_BOT_TOKEN", "xoxb-{d12}-{d13}-{a24}"),
    Kind("slack user", "SLACK_TOKEN", "xoxp-{d12}-{d12}-{d13}-{h32}"),
    Kind("slack app", "SLACK_APP_TOKEN", "xapp-1-A{u10}-{d13}-{h64}"),
    Kind("slack refresh", "SLACK_REFRESH_TOKEN", "xoxe-1-{a146}"),
    Kind("slack webhook", "SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/[[T{u10}/B{u10}/{a24}]]"),
    Kind("stripe secret", "STRIPE_SECRET_KEY", "sk_live_{a99}"),
    Kind("stripe restricted", "STRIPE_KEY", "rk_test_{a24}"),
    Kind("stripe webhook", "STRIPE_WEBHOOK_SECRET", "whsec_{a32}"),
    Kind("google api", "GOOGLE_API_KEY", "AIza{w35}"),
    Kind("google client secret", "GOOGLE_CLIENT_SECRET", "GOCSPX-{w28}"),
    Kind("google refresh", "GOOGLE_REFRESH_TOKEN", "1//0{a1}{w98}"),
    Kind("google access", "GOOGLE_TOKEN", "ya29.a0{w160}"),
    Kind("azure storage", "AZURE_STORAGE_CONNECTION_STRING",
         "DefaultEndpointsProtocol=https;AccountName=shop{d3};AccountKey=[[{b86}==]];EndpointSuffix=core.windows.net"),
    Kind("azure shared access", "UPLOAD_URL",
         "https://shop.blob.core.windows.net/in/a.csv?sv=2023-11-03&se=2026-03-01T00%3A00%3A00Z&sr=b&sp=r&sig=[[{a40}%2B{a2}%3D]]"),
    Kind("azure service bus", "SERVICEBUS_CONNECTION",
         "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=[[{b43}=]]"),
    Kind("azure app secret", "AZURE_CLIENT_SECRET", "{a3}8Q~{w34}"),
    Kind("azure devops", "AZURE_DEVOPS_EXT_PAT", "{a76}AZDO{a4}"),
    Kind("azure openai", "AZURE_OPENAI_API_KEY", "{h32}", own=False),
    Kind("npm", "NPM_TOKEN", "npm_{a36}"),
    Kind("pypi", "PYPI_TOKEN", "pypi-AgEIcHlwaS5vcmc{w150}"),
    Kind("rubygems", "GEM_HOST_API_KEY", "rubygems_{h48}"),
    Kind("docker hub", "DOCKER_TOKEN", "dckr_pat_{w27}"),
    Kind("twilio key", "TWILIO_API_KEY", "SK{h32}"),
    Kind("twilio token", "TWILIO_AUTH_TOKEN", "{h32}", own=False),
    Kind("sendgrid", "SENDGRID_API_KEY", "SG.{w22}.{w43}"),
    Kind("mailgun", "MAILGUN_API_KEY", "key-{h32}"),
    Kind("mailgun private", "MAILGUN_API_KEY", "{h32}-{h8}-{h8}"),
    Kind("mailchimp", "MAILCHIMP_API_KEY", "{h32}-us{d2}"),
    Kind("brevo", "BREVO_API_KEY", "xkeysib-{h64}-{a16}"),
    Kind("resend", "RESEND_API_KEY", "re_{a8}_{a24}"),
    Kind("telegram bot", "TELEGRAM_TOKEN", "{d10}:AA{w33}"),
    Kind("discord bot", "DISCORD_TOKEN", "MT{a22}.G{a5}.{w38}"),
    Kind("discord webhook", "DISCORD_WEBHOOK", "https://discord.com/api/webhooks/{d19}/[[{w68}]]"),
    Kind("teams webhook", "TEAMS_WEBHOOK",
         f"https://acme.webhook.office.com/webhookb2/[[{UUID}@{UUID}/IncomingWebhook/{{h32}}/{UUID}]]"),
    Kind("cloudflare", "CLOUDFLARE_API_TOKEN", "cfut_{a40}{h8}"),
    Kind("cloudflare legacy", "CLOUDFLARE_API_TOKEN", "{w40}", own=False),
    Kind("digitalocean", "DIGITALOCEAN_TOKEN", "dop_v1_{h64}"),
    Kind("digitalocean oauth", "DIGITALOCEAN_TOKEN", "doo_v1_{h64}"),
    Kind("heroku", "HEROKU_API_KEY", "HRKU-AA{w58}"),
    Kind("vercel", "VERCEL_TOKEN", "vcp_{a56}"),
    Kind("netlify", "NETLIFY_AUTH_TOKEN", "nfp_{a36}"),
    Kind("fly.io", "FLY_API_TOKEN", "fo1_{w43}"),
    Kind("render", "RENDER_API_KEY", "rnd_{a28}"),
    Kind("supabase", "SUPABASE_ACCESS_TOKEN", "sbp_{h40}"),
    Kind("supabase secret", "SUPABASE_SECRET_KEY", "sb_secret_{w22}_{w8}"),
    Kind("planetscale", "PLANETSCALE_TOKEN", "pscale_tkn_{w43}"),
    Kind("databricks", "DATABRICKS_TOKEN", "dapi{h32}"),
    Kind("snowflake", "SNOWFLAKE_PASSWORD", "{p16}{d2}", own=False),
    Kind("datadog", "DD_API_KEY", "{h32}", own=False),
    Kind("new relic", "NEW_RELIC_API_KEY", "NRAK-{u27}"),
    Kind("sentry dsn", "SENTRY_DSN", "https://[[{h32}]]@o{d6}.ingest.sentry.io/{d7}"),
    Kind("sentry", "SENTRY_AUTH_TOKEN", "sntryu_{h64}"),
    Kind("grafana", "GRAFANA_TOKEN", "glsa_{a32}_{h8}"),
    Kind("grafana cloud", "GRAFANA_CLOUD_TOKEN", "glc_{b120}"),
    Kind("dynatrace", "DT_API_TOKEN", "dt0c01.{c24}.{c64}"),
    Kind("pagerduty", "PAGERDUTY_TOKEN", "{w20}", own=False),
    Kind("linear", "LINEAR_API_KEY", "lin_api_{a40}"),
    Kind("notion", "NOTION_TOKEN", "ntn_{d11}{a35}"),
    Kind("notion legacy", "NOTION_TOKEN", "secret_{a43}"),
    Kind("airtable", "AIRTABLE_TOKEN", "pat{a14}.{h64}"),
    Kind("figma", "FIGMA_TOKEN", "figd_{w40}"),
    Kind("atlassian", "JIRA_API_TOKEN", "ATATT3xFfGF0{w172}={H8}"),
    Kind("bitbucket", "BITBUCKET_TOKEN", "ATBB{a32}"),
    Kind("postman", "POSTMAN_API_KEY", "PMAK-{h24}-{h34}"),
    Kind("shopify", "SHOPIFY_TOKEN", "shpat_{h32}"),
    Kind("shopify secret", "SHOPIFY_SECRET", "shpss_{h32}"),
    Kind("square", "SQUARE_TOKEN", "EAAA{w60}"),
    Kind("square secret", "SQUARE_SECRET", "sq0csp-{w43}"),
    Kind("paypal", "PAYPAL_TOKEN", "access_token$production${l16}${h32}"),
    Kind("plaid", "PLAID_ACCESS_TOKEN", "access-production-" + UUID),
    Kind("hubspot", "HUBSPOT_TOKEN", "pat-na1-" + UUID),
    Kind("okta", "OKTA_TOKEN", "00{w40}", own=False),
    Kind("auth0 client secret", "AUTH0_CLIENT_SECRET", "{w64}", own=False),
    Kind("facebook", "FB_ACCESS_TOKEN", "EAAC{a180}"),
    Kind("jwt", "ID_TOKEN", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI{a60}.{w43}"),
    Kind("kubernetes service account", "KUBE_TOKEN", "eyJhbGciOiJSUzI1NiIsImtpZCI6I{w40}.eyJpc3MiOiJrdWJlcm5ldGVz{w600}.{w342}"),
    Kind("openshift", "OPENSHIFT_TOKEN", "sha256~{w43}"),
    Kind("vault", "VAULT_TOKEN", "hvs.CAESI{w90}"),
    Kind("vault batch", "VAULT_TOKEN", "hvb.AAAAAQ{w150}"),
    Kind("terraform cloud", "TFE_TOKEN", "{a14}.atlasv1.{w67}"),
    Kind("doppler", "DOPPLER_TOKEN", "dp.pt.{a43}"),
    Kind("1password", "OP_SERVICE_ACCOUNT_TOKEN", "ops_eyJ{b280}"),
    Kind("pulumi", "PULUMI_ACCESS_TOKEN", "pul-{h40}"),
    Kind("sonarqube", "SONAR_TOKEN", "squ_{h40}"),
    Kind("age", "AGE_KEY", "AGE-SECRET-KEY-1{c58}"),
    Kind("alibaba key id", "ALIBABA_ACCESS_KEY_ID", "LTAI5t{a18}"),
    Kind("tencent secret id", "TENCENT_SECRET_ID", "AKID{a32}"),
    Kind("mistral", "MISTRAL_API_KEY", "{a32}", own=False),
    Kind("cohere", "CO_API_KEY", "{a40}", own=False),
    Kind("weights & biases", "WANDB_API_KEY", "{h40}", own=False),
    Kind("together", "TOGETHER_API_KEY", "{h64}", own=False),
    Kind("password", "DB_PASSWORD", "{p10}{d2}", own=False),
    Kind("postgres url", "DATABASE_URL", "postgresql+psycopg://app:[[{a16}]]@db.internal:5432/shop?sslmode=require"),
    Kind("mysql url", "DATABASE_URL", "mysql://root:[[{a12}]]@127.0.0.1/shop"),
    Kind("mongo url", "MONGO_URL", "mongodb+srv://svc:[[{a18}]]@cluster0.ab1cd.mongodb.net/?retryWrites=true"),
    Kind("redis url", "REDIS_URL", "rediss://:[[{a24}]]@cache.internal:6380/0"),
    Kind("amqp url", "AMQP_URL", "amqps://worker:[[{a14}]]@mq.internal/%2f"),
    Kind("basic auth url", "REPO_URL", "https://ci:[[{a20}]]@git.example.com/team/repo.git"),
    Kind("key value dsn", "PG_DSN", "host=db port=5432 user=app password=[[{a16}]] dbname=shop"),
    Kind("ado connection string", "SQL_CONNECTION",
         "Server=tcp:sql.example.com,1433;Database=shop;User ID=app;Password=[[{a14}]];Encrypt=True;"),
    Kind("access token in url", "CALLBACK", "https://app.example.com/callback?state=7&access_token=[[{w40}]]&expires_in=3600"),
    Kind("key in url", "GEOCODE", "https://maps.example.com/geocode?address=Main&key=[[{w39}]]"),
    Kind("fragment token", "REDIRECT", "https://app.example.com/#id_token=[[{w80}]]&token_type=bearer"),
    Kind("reset link", "RESET_LINK", "https://app.example.com/reset-password?token=[[{a32}]]"),
    Kind("signed s3 url", "EXPORT_URL",
         "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=[[{h64}]]"),
    Kind("rsa key", "PRIVATE_KEY", RSA),
    Kind("ec key", "PRIVATE_KEY", _pem("EC PRIVATE KEY", 3)),
    Kind("pkcs8 key", "private_key", _pem("PRIVATE KEY", 24)),
    Kind("openssh key", "DEPLOY_KEY", OPENSSH),
    Kind("pgp key", "SIGNING_KEY", _pem("PGP PRIVATE KEY BLOCK")),
    Kind("encrypted key", "TLS_KEY", _pem("ENCRYPTED PRIVATE KEY")),
    Kind("key indented", "", RSA, (
        "tls:\n  key: |\n    @I    \n  cert: none", "data:\n\tid_rsa: |\n\t\t@T", "> @Q", "# @C", "+@D",
    )),
    Kind("key cut", "", RSA, (
        "$ head -5 id_rsa\n@H", "@H...", "$ tail -4 id_rsa\n@E", "\"key\": \"@J", "@H\n[truncated]",
    )),
    Kind("basic header", "", "[[@B]]", (
        "curl -H 'Authorization: Basic @' https://api.example.com", '{"headers": {"Authorization": "Basic @"}}',
        "Authorization: Basic @\r\nAccept: */*", "headers = {'authorization': 'Basic @'}", "DEBUG send: Proxy-Authorization: Basic @",
    )),
    Kind("bearer header", "", "{w40}", (
        "curl -H 'Authorization: Bearer @' https://api.example.com", '{"headers": {"Authorization": "Bearer @"}}',
        "GET /v1 HTTP/1.1\r\nAuthorization: Bearer @\r\nAccept: */*", "headers={'Authorization': f'Bearer @'}", "DEBUG bearer @ rejected",
    )),
    Kind("api key header", "", "{a32}", (
        "curl -H 'X-Api-Key: @' https://api.example.com", '{"headers": {"x-api-key": "@", "accept": "*/*"}}',
        "POST /v1 HTTP/1.1\r\nX-API-Key: @\r\nAccept: */*", "session.headers['X-Auth-Token'] = '@'", "DEBUG request headers: api-key: @",
    )),
    Kind("cookies", "", "session=[[{w40}]]; csrftoken=[[{a32}]]", (
        "curl -H 'Cookie: @' https://app.example.com", "Cookie: @\r\nAccept: */*", '{"cookie": "@"}', "curl -b '@' https://a.example",
        "GET / HTTP/1.1\r\nHost: a.example\r\nCookie: theme=dark; @\r\n\r\n",
    )),
    Kind("set-cookie", "", "sid=[[{w40}]]; Path=/; HttpOnly; Secure", (
        "Set-Cookie: @", "HTTP/1.1 200 OK\r\nset-cookie: @\r\ncontent-type: text/html", '{"Set-Cookie": "@"}',
        "< set-cookie: @", "DEBUG response headers: Set-Cookie: @",
    )),
    Kind("login of curl", "", "[[{p12}]]", (
        "curl -u admin:@ https://a.example", "curl --user 'admin:@' https://a.example", "wget --user=me --password=@ https://a.example",
        "mysql -h db -u root -p@ shop", "sshpass -p '@' ssh web1",
    )),
    Kind("one-time code", "", "[[{d6}]]", (
        "Your verification code is @.", "@ is your Acme verification code. Do not share it.", "Use @ as your one-time password (valid 10 min)",
        "The SMS says: Your code is @", "OTP: @", "I got the 2FA code, it is @", "login code @ expires in 5 minutes",
        "My one-time code: @", "Enter the 6-digit code @ to sign in", "the security code they texted me is @",
    )),
    Kind("password in words", "", "[[{a9}{d2}!]]", (
        "my password is @ and it does not work", "Password: @", "password:\n  @\nplease try", "The new passphrase is '@'.", "pwd=@",
        "user mia / pass @", "login with admin / @ as password",
    )),
)  # fmt: skip


def fill(form: str, chance: random.Random) -> tuple[str, list[str]]:
    """A credential of that form, and the parts of it that must not be left."""
    made = _SLOT.sub(lambda slot: "".join(chance.choices(ALPHABETS[slot[1]], k=int(slot[2]))), form)
    login = "svc:" + "".join(chance.choices(ALPHABETS["p"], k=14))
    made = made.replace("@B", base64.b64encode(login.encode()).decode())
    secrets = re.findall(r"\[\[(.*?)\]\]", made, re.DOTALL)
    plain = made.replace("[[", "").replace("]]", "")
    return plain, [line for one in secrets or [plain] for line in one.split("\n") if len(line) > 3]


def written(says: str, made: str) -> str:
    """`says` with `made` in it; PEM blocks also as files show them: indented, quoted, as a comment, in a diff, or cut."""
    lines = made.split("\n")
    ways = {
        "@I": "\n    ".join(lines), "@T": "\n\t\t".join(lines), "@Q": "\n> ".join(lines), "@C": "\n# ".join(lines),
        "@D": "\n+".join(lines), "@H": "\n".join(lines[:5]), "@E": "\n".join(lines[-4:]), "@J": "\\n".join(lines[:6]), "@": made,
    }  # fmt: skip
    way = next(way for way in ways if way in says)
    return says.replace(way, ways[way])
