// A map to put a pin on, loaded when somebody asks for it. All of it comes from this site: the
// towns' limits, no tiles. The device is never asked where it is. Fields and words do without it.
const FINGER = 20; // pixels: as near as a finger comes

const load = (tag, from) => new Promise((done, failed) => {
  const one = document.createElement(tag);
  one.onload = done;
  one.onerror = failed;
  if (tag === "link") { one.rel = "stylesheet"; one.href = from; } else { one.src = from; }
  document.head.append(one);
});

const button = (words, act) => {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "small";
  one.textContent = words;
  one.addEventListener("click", act);
  return one;
};

const draw = (ground, says, areas) => {
  const [west, south, east, north] = says.box.split(" ").map(Number);
  const map = L.map(ground, { attributionControl: false, minZoom: 7, maxZoom: 18, zoomSnap: 0.5 });
  const near = () => ground.classList.toggle("near", map.getZoom() >= 11);
  map.on("zoomend", near);
  map.fitBounds([[south, west], [north, east]]);
  near();
  L.control.scale().addTo(map);
  for (const kind of ["county", "city"]) {
    L.geoJSON(areas, {
      filter: (area) => area.properties.kind === kind,
      style: () => ({ className: `area ${kind}`, interactive: false }),
      onEachFeature: (area, layer) => layer.bindTooltip(area.properties.name, {
        permanent: true, direction: "center", className: `town ${kind}`,
      }),
      interactive: false,
    }).addTo(map);
  }
  return map;
};

const pinning = (map, says, told) => {
  const [lat, lon, accuracy, pinned] = ["lat", "lon", "accuracy_m", "pinned"].map(
    (name) => document.getElementById(`id_${says.fields}-${name}`));
  const marks = L.layerGroup().addTo(map);
  const shown = (at, radius) => {
    marks.clearLayers();
    L.circle(at, { radius, className: "pin-disc", interactive: false }).addTo(marks);
    L.circleMarker(at, { radius: 9, className: "pin-spot", interactive: false }).addTo(marks);
  };
  const set = (at) => {
    const middle = map.latLngToContainerPoint(at);
    const edge = map.containerPointToLatLng(middle.add([FINGER, 0]));
    const radius = Math.max(25, Math.round(map.distance(at, edge)));
    lat.value = at.lat.toFixed(4);
    lon.value = at.lng.toFixed(4);
    accuracy.value = Math.min(radius, 5000);
    pinned.value = "1";
    shown([lat.value, lon.value], radius);
    told.textContent = says.set;
  };
  const clear = () => {
    for (const one of [lat, lon, accuracy, pinned]) one.value = "";
    marks.clearLayers();
    told.textContent = says.gone;
  };
  for (const one of [lat, lon]) one.addEventListener("input", () => { pinned.value = ""; });
  if (Number(lat.value) && Number(lon.value)) {
    shown([lat.value, lon.value], Number(accuracy.value) || 25);
    map.setView([lat.value, lon.value], 14);
  }
  map.on("click", (event) => set(event.latlng));
  return { here: () => set(map.getCenter()), clear };
};

export const open = async (opener) => {
  const says = opener.dataset;
  const told = document.createElement("p");
  told.className = "hint";
  told.setAttribute("role", "status");
  opener.replaceWith(told);
  try {
    const [areas] = await Promise.all([
      import(new URL(says.areas, location)),
      load("script", says.leaflet),
      ...says.styles.split(" ").map((from) => load("link", from)),
    ]);
    const ground = document.createElement("div");
    ground.className = "map";
    ground.setAttribute("role", "region");
    ground.setAttribute("aria-label", says.label);
    told.before(ground);
    const map = draw(ground, says, areas.default);
    const cross = document.createElement("span");
    cross.className = "middle";
    ground.append(cross);
    const pin = pinning(map, says, told);
    const acts = document.createElement("p");
    acts.className = "map-acts";
    acts.append(button(says.here, pin.here), button(says.away, pin.clear));
    told.after(acts);
    told.textContent = says.how;
    ground.dataset.ready = "yes";
  } catch {
    told.textContent = says.failed;
  }
};
