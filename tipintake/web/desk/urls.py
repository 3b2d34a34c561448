from django.urls import path

from tipintake.web.desk import (
    acting,
    asking,
    held,
    logon,
    picture,
    queues,
    teaching,
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
    path("tips/<slug:reference>/teach/", teaching.teach, name="teach"),
    path("places/", teaching.places, name="places"),
    path("places/<int:pk>/<slug:judgement>/", teaching.judge, name="places-judge"),
    path("held/", held.held, name="held"),
    path("held/<int:pk>/<slug:what>/", held.act, name="held-act"),
    path("vault/", vault.vault, name="vault"),
    path("vault/<int:pk>/open/", vault.reveal, name="vault-open"),
    path("audit/", trail.trail, name="audit"),
    path("audit/verify/", trail.verify, name="audit-verify"),
]
