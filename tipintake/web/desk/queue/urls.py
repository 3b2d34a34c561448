from django.urls import path

from tipintake.web.desk.queue import acts, beside, bulk, onward, page, vocabulary

urlpatterns = [
    path("queue/", page.queue, name="queue"),
    path("queue/views/", page.views, name="queue-views"),
    path("queue/complete/", page.complete, name="queue-complete"),
    path("queue/keep/", page.keep_view, name="view-keep"),
    path("queue/forget/<int:pk>/", page.forget_view, name="view-forget"),
    path("queue/act/", bulk.bulk, name="bulk"),
    path("queue/undo/<uuid:together>/", acts.undo, name="undo"),
    path("queue/tags/", vocabulary.vocabulary, name="tags"),
    path("queue/tags/add/", vocabulary.add, name="tag-add"),
    path("queue/tags/<slug:code>/retire/", vocabulary.retire, name="tag-retire"),
    path("queue/keys/", acts.keys, name="keys"),
    path("queue/keys/switch/", acts.switch_keys, name="keys-switch"),
    path("tips/<slug:reference>/beside/", beside.beside, name="beside"),
    path("tips/<slug:reference>/here/", acts.here, name="here"),
    path("tips/<slug:reference>/do/<slug:what>/", acts.act, name="deed"),
    path("tips/<slug:reference>/step/<slug:way>/", onward.step, name="step"),
]
