// The map that one can move, in place of the drawn one. Nothing is asked of another host: no
// tiles, only the installation's own boundaries. Without this script the drawing stays.
"use strict";

(() => {
  const styleOf = (feature, within) => ({
    className: feature.properties.geoid === within ? "area within" : `area ${feature.properties.kind}`,
  });

  const linksTo = (mark, address) => {
    const list = document.createElement("div");
    for (const tip of mark.tips) {
      const link = document.createElement("a");
      link.href = address.replace("T-0000-0000", tip);
      link.textContent = tip;
      list.append(link);
    }
    if (mark.more) {
      list.append(`and ${mark.more} more: see the table`);
    }
    return list;
  };

  const put = (mark, map, address) => {
    const at = [mark.lat, mark.lon];
    if (mark.accuracy) {
      L.circle(at, { radius: mark.accuracy, interactive: false, className: "disc" }).addTo(map);
    }
    const radius = mark.count === 1 ? 7 : 9 + Math.min(10, 2.2 * Math.sqrt(mark.count));
    L.circleMarker(at, { radius, className: "spot", fillOpacity: 1 })
      .bindPopup(() => linksTo(mark, address))
      .addTo(map);
    if (mark.count > 1) {
      const icon = L.divIcon({ className: "count-mark", html: "", iconSize: [24, 24] });
      const number = L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
      number.getElement().textContent = mark.count;
    }
  };

  const open = (place) => {
    const figure = place.querySelector("svg");
    const marks = JSON.parse(document.getElementById(place.dataset.map).textContent);
    const [west, south, east, north] = place.dataset.box.split(" ").map(Number);
    const ground = document.createElement("div");
    ground.setAttribute("role", "region");
    ground.setAttribute("aria-label", `Map that can be moved. ${place.dataset.says}`);
    place.append(ground);
    figure.setAttribute("hidden", "");
    const map = L.map(ground, { attributionControl: false, maxZoom: 18, minZoom: 7, zoomSnap: 0.25 });
    map.fitBounds([[south, west], [north, east]]);
    L.control.scale().addTo(map);
    for (const mark of marks) {
      put(mark, map, place.dataset.tip);
    }
    if (place.dataset.boundaries) {
      fetch(place.dataset.boundaries, { credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
        .then((areas) => {
          const options = { style: (feature) => styleOf(feature, place.dataset.within) };
          L.geoJSON(areas, options)
            .bindTooltip((layer) => layer.feature.properties.name, { sticky: true })
            .addTo(map)
            .bringToBack();
          place.dataset.ready = "yes";
        })
        .catch(() => {
          map.remove();
          ground.remove();
          figure.removeAttribute("hidden");
        });
    } else {
      place.dataset.ready = "yes";
    }
  };

  for (const place of document.querySelectorAll("[data-map]")) {
    open(place);
  }
})();
