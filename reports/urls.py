from django.urls import path

from reports.pages import exports, figures, log, numbers

app_name = "reports"

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/months.csv", figures.figures_csv, name="figures-csv"),
    path("figures/months.pdf", figures.figures_pdf, name="figures-pdf"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<slug:code>/publish/", numbers.publish_quarter, name="publish"),
    path("exports/", exports.exports, name="exports"),
    path("exports/new/", exports.new, name="new"),
    path("exports/ask/", exports.ask, name="ask"),
    path("exports/log/", log.log, name="log"),
    path("exports/log/dissemination.csv", log.log_csv, name="log-csv"),
    path("exports/log/correct/", log.correct, name="correct"),
    path("exports/log/allow-again/", log.allow_again, name="allow-again"),
    path("exports/log/<int:pk>/told/", log.told, name="told"),
    path("exports/digests/<int:pk>/stop/", exports.stop_digest, name="stop-digest"),
    path("exports/signing-key/", log.signing_key, name="signing-key"),
    path("exports/<slug:reference>/", exports.export, name="export"),
    path("exports/<slug:reference>/progress/", exports.progress, name="progress"),
    path("exports/<slug:reference>/cancel/", exports.cancel, name="cancel"),
    path("exports/<slug:reference>/download/", exports.download, name="download"),
]
