from django.urls import path

from tipintake.web.desk import (
    acting,
    asking,
    held,
    logon,
    picture,
    policies,
    queues,
    tip,
    trail,
    vault,
)

app_name = "desk"

urlpatterns = [
    path("", queues.queues, name="queues"),
    path("log-on/", logon.log_on, name="login"),
    path("log-off/", logon.log_off, name="logout"),
    path("find/", queues.find, name="find"),
    path("lines/<slug:code>/", queues.line, name="line"),
    path("tips/<slug:reference>/", tip.tip, name="tip"),
    path("tips/<slug:reference>/status/", acting.status, name="status"),
    path("tips/<slug:reference>/hold/", acting.hold, name="hold"),
    path("tips/<slug:reference>/note/", acting.note, name="note"),
    path("tips/<slug:reference>/ask/", asking.ask, name="ask"),
    path("tips/<slug:reference>/hand-offs/<int:pk>/call/", acting.call, name="call"),
    path("tips/<slug:reference>/hand-offs/<int:pk>/<slug:act>/", acting.hand_off, name="act"),
    path("tips/<slug:reference>/pictures/<uuid:pk>/", picture.content, name="picture"),
    path("tips/<slug:reference>/pictures/<uuid:pk>/look/", picture.look, name="picture-look"),
    path(
        "tips/<slug:reference>/pictures/<uuid:pk>/black-out/",
        picture.black_out,
        name="picture-black-out",
    ),
    path(
        "tips/<slug:reference>/pictures/<uuid:pk>/confirm/",
        picture.confirm,
        name="picture-confirm",
    ),
    path("held/", held.held, name="held"),
    path("held/<int:pk>/<slug:what>/", held.act, name="held-act"),
    path("vault/", vault.vault, name="vault"),
    path("vault/<int:pk>/open/", vault.reveal, name="vault-open"),
    path("policies/", policies.policies, name="policies"),
    path("policies/draft/", policies.draft, name="policy-draft"),
    path("policies/<int:version>/", policies.policy, name="policy"),
    path("policies/<int:version>/save/", policies.save, name="policy-save"),
    path("policies/<int:version>/simulate/", policies.simulate, name="policy-simulate"),
    path("policies/<int:version>/activate/", policies.activate, name="policy-activate"),
    path("audit/", trail.trail, name="audit"),
    path("audit/verify/", trail.verify, name="audit-verify"),
]
