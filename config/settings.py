"""The one settings file. Everything that differs between installations is an environment variable.

Read it top to bottom: where state lies, which role this process plays, its database and broker,
what it answers, and what it never writes down. docs/reference/settings.md describes each variable.
"""

from ipaddress import ip_network
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import env
from config.postgresql import limits
from tipintake.privacy import keys

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this installation keeps its state -------------------------------------------------
HOME = env.home("TIPINTAKE_HOME", BASE_DIR / "var")
KEYS_DIR = env.folder("TIPINTAKE_KEYS", HOME / "keys")
env.refuse_root("TIPINTAKE_HOME", HOME, KEYS_DIR)
PRIVATE_KEYS_DIR = env.folder("TIPINTAKE_PRIVATE_KEYS", KEYS_DIR / "private")
AUDIT_KEYS_DIR = env.folder("TIPINTAKE_AUDIT_KEYS", KEYS_DIR / "audit")
EXPORTS_DIR = env.folder("TIPINTAKE_EXPORTS", HOME / "exports")
REGION = env.region_code("TIPINTAKE_REGION", "st-louis")
REGIONS_DIR = env.folder("TIPINTAKE_REGIONS", BASE_DIR / "tipintake" / "regions")

# --- Which process this is -------------------------------------------------------------------
# "manage" is a command typed by an operator. There is no role that is everything.
ROLE = env.choice(
    "TIPINTAKE_ROLE", "manage", ("manage", "public", "desk", "worker", "exporter", "beat")
)
DEBUG = env.flag("TIPINTAKE_DEBUG", default=False)
SECRET_KEY = env.secret("TIPINTAKE_KEYS", KEYS_DIR, keys.web_secret)

# --- What it answers -------------------------------------------------------------------------
PUBLIC_HOSTS = env.hosts("PUBLIC_HOSTS", "127.0.0.1")
DESK_HOSTS = env.hosts("DESK_HOSTS", "localhost")
env.disjoint("DESK_HOSTS", DESK_HOSTS, "PUBLIC_HOSTS", PUBLIC_HOSTS)
ALLOWED_HOSTS = {"public": PUBLIC_HOSTS, "desk": DESK_HOSTS}.get(ROLE, PUBLIC_HOSTS + DESK_HOSTS)
PUBLIC_URL = env.web_address("PUBLIC_URL", "http://127.0.0.1:8700")
DESK_URL = env.web_address("DESK_URL", "http://localhost:8701")
ORGANIZATION_NAME = env.text("ORGANIZATION_NAME", "The tip line of this region")
HTTPS = env.flag("TIPINTAKE_HTTPS", default=False)
TRUSTED_PROXY = env.flag("TIPINTAKE_TRUSTED_PROXY", default=False)
ONION_LOCATION = env.web_address("ONION_LOCATION", "")
ROOT_URLCONF = "config.urls_desk" if ROLE == "desk" else "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The rows and the arithmetic of second factors; none of allauth's pages or middleware.
    "config.factors.AccountTables",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "js_lib_leaflet",  # Leaflet as static files, for the desk's maps
    "django_htmx",
    "tipintake",
    "reports",
    "config",
]

PUBLIC_MIDDLEWARE = [
    "tipintake.door.anonymity.AnonymityMiddleware",
    "tipintake.door.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
DESK_MIDDLEWARE = [
    "tipintake.door.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tipintake.web.desk.standing.StandingMiddleware",
]
MIDDLEWARE = DESK_MIDDLEWARE if ROLE == "desk" else PUBLIC_MIDDLEWARE

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "tipintake" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
            if ROLE == "desk"
            else [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "tipintake.web.site.context.languages",
            ],
        },
    }
]

# --- Rows and bells --------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", HOME, limits.BY_ROLE.get(ROLE, limits.NONE))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "tipintake.User"
REDIS_URL = env.broker("REDIS_URL", f"redis+socket://{HOME / 'valkey.sock'}")

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Without it Celery opens and closes a database connection for every task.
CELERY_DB_REUSE_MAX = 1000
# A web process must not hold a page for a dead broker; a worker may wait longer for a message.
_patience = 0.3 if ROLE in {"public", "desk"} else 5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": _patience,
    "socket_connect_timeout": _patience,
    "max_retries": 0 if ROLE in {"public", "desk"} else None,
}
CELERY_TASK_DEFAULT_QUEUE = "intake"
CELERY_TASK_ROUTES = {"reports.*": {"queue": "exports"}, "tipintake.watch": {"queue": "exports"}}
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 60, least=1, most=3600)
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "tipintake.sweep",
        "schedule": float(SWEEP_SECONDS),
        # While no worker runs, sweeps do not pile up: the next one does what they would have.
        "options": {"expires": SWEEP_SECONDS},
    },
    "audit-digest": {
        "task": "tipintake.audit_digest",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "exports": {
        "task": "reports.sweep",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS, "queue": "exports"},
    },
    # By the exporter: what watches the worker must not be the worker.
    "watch": {
        "task": "tipintake.watch",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS, "queue": "exports"},
    },
}

# --- Language and time -----------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "America/Chicago"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "tipintake" / "locale"]

# --- Cookies exist on the desk only, but for the one that opens an unfinished report -----------
# Over HTTPS names that no other host, path or plain connection can set.
DRAFT_COOKIE_NAME = "__Host-draft" if HTTPS else "draft"
SESSION_COOKIE_NAME = "__Host-desk" if HTTPS else "desk"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# How long a locked desk still keeps what was typed. The idle lock comes long before it.
SESSION_COOKIE_AGE = 12 * 60 * 60
DESK_IDLE_MINUTES = env.number("DESK_IDLE_MINUTES", 15, least=1, most=30)
SESSION_SAVE_EVERY_REQUEST = False  # its mark of use is renewed each half minute of use
CSRF_COOKIE_NAME = "__Host-desk-form" if HTTPS else "desk-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
CSRF_USE_SESSIONS = False
CSRF_COOKIE_AGE = None  # Django's default keeps it for a year
CSRF_FAILURE_VIEW = "tipintake.web.desk.errors.form_expired"
MESSAGE_STORAGE = "tipintake.web.desk.sealed.SealedMessages"
CSRF_TRUSTED_ORIGINS = [DESK_URL] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXY else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
# HSTS, nosniff, referrer, opener and frame policies: HeadersMiddleware sends them with every
# answer, errors and static files included, where two checks look for Django's own. The third
# misses Django's token against foreign forms: the public host sets no cookie for one and asks for
# a signed token and Sec-Fetch-Site instead (door/tokens.py, door/origin.py).
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]
if ROLE != "desk":
    SILENCED_SYSTEM_CHECKS.append("security.W003")
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:queues"
LOGOUT_REDIRECT_URL = "desk:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Second factors of staff accounts (tipintake/staff/factors.py) ----------------------------
MFA_ADAPTER = "tipintake.door.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True

# --- Bodies stay in memory -------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
# Where pictures may be sent, and how large: tipintake/door/bodies.py.
FILE_UPLOAD_HANDLERS = ["tipintake.door.uploads.PicturesInMemory"]
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# --- The API ---------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["tipintake.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tipintake.api.parsers.JSONAlways",
    "EXCEPTION_HANDLER": "tipintake.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Anonymous tip intake",
    "DESCRIPTION": "Send what was seen. Never who saw it. In an emergency call 911.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "YesNoMaybeEnum": "tipintake.tips.vocabulary.MinorPresent",
        "VerdictEnum": "tipintake.api.serializers.VERDICTS",
    },
}

# --- Static files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
HASHED_STATIC = env.flag("TIPINTAKE_HASHED_STATIC", default=True)
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "tipintake" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Delivery --------------------------------------------------------------------------------
EMAIL_BACKEND = env.choice(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend",
    (
        "django.core.mail.backends.console.EmailBackend",
        "django.core.mail.backends.smtp.EmailBackend",
        "django.core.mail.backends.locmem.EmailBackend",
    ),
)
EMAIL_HOST = env.host("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.told("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
# Shrinks how long a sender waits for an endpoint, and its lease with it.
SENDER_PATIENCE = env.factor("TIPINTAKE_SENDER_PATIENCE", 1.0, least=0.1, most=1.0)
EMAIL_TIMEOUT = 10 * SENDER_PATIENCE
DEFAULT_FROM_EMAIL = env.mail_address("DEFAULT_FROM_EMAIL", "tip-desk@localhost")
# Webhooks reach public addresses only, and these.
WEBHOOK_ALLOWED_NETWORKS = env.networks("WEBHOOK_ALLOWED_NETWORKS")
if env.flag("WEBHOOK_ALLOW_LOOPBACK", default=False):
    WEBHOOK_ALLOWED_NETWORKS += [ip_network("127.0.0.0/8"), ip_network("::1/128")]
# Who gets the week's digest of the audit, and what staff read about support for themselves.
AUDIT_DIGEST_TO = env.mail_addresses("AUDIT_DIGEST_TO")
STAFF_SUPPORT = env.text("STAFF_SUPPORT", "")
RETRY_SCALE = env.factor("TIPINTAKE_RETRY_SCALE", 1.0, least=0.0001, most=10.0)

# --- Who is told when the house stands still, and who may ask how it does ----------------------
ALERT_WEBHOOK = env.page_address("ALERT_WEBHOOK")
METRICS_TOKEN = env.token("METRICS_TOKEN")

# --- Backups: the public halves of recovery keys; the secret ones are never on this machine ---
BACKUP_RECIPIENTS = env.age_recipients("BACKUP_RECIPIENTS")

# --- Logs: an event and a reference, never a word, an address, an agent or a file name ------
DEFAULT_EXCEPTION_REPORTER = "tipintake.door.quiet.QuietReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "tipintake.door.quiet.QuietFilter"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "tipintake.door.quiet.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "tipintake.door.quiet.QuietJSON"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", "plain", ("plain", "json")),
        }
    },
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "WARNING")},
    "loggers": {
        "tipintake": {"level": env.log_level("LOG_LEVEL", "INFO"), "propagate": True},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
    },
}
