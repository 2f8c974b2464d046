// Receives the history and the frames from the sample, updates all views, and connects the controls.

import { Calls } from "./calls.js";
import { LoadChart, SizeChart } from "./charts.js";
import { Connections } from "./connections.js";
import { Control } from "./control.js";
import { text } from "./dom.js";
import { Events } from "./events.js";
import { Figures } from "./figures.js";
import { Forecasts } from "./forecasts.js";

const charts = [new SizeChart(), new LoadChart()];
const events = new Events();
const views = [
	new Calls("with-pool", (frame) => frame.calls.withPool),
	new Calls("without-pool", (frame) => frame.calls.withoutPool),
	new Figures(),
	...charts,
	new Connections(),
	new Forecasts(),
];

const controls = [
	new Control("callers", "value", "live/callers?count=", (frame) => frame.controls.callers),
	new Control("pooling", "checked", "live/pooling?on=", (frame) => frame.pool !== null && frame.controls.pooling),
	new Control("slow", "checked", "live/slow?on=", (frame) => frame.controls.slow),
	new Control("forecast-callers", "value", "live/forecast-callers?count=", (frame) => frame.controls.forecastCallers),
];

// Number of the last event that is shown; null while the history has not been received.
let lastEvent = null;

function restart(history) {
	lastEvent = 0;
	events.clear();
	charts.forEach((chart) => chart.clear());
	charts.forEach((chart) => history.samples.forEach((sample) => chart.add(sample)));
	addEvents(history.events);
}

function addEvents(received) {
	const added = received.filter((event) => event.sequence > lastEvent);
	if (added.length > 0) {
		lastEvent = added.at(-1).sequence;
		events.add(added);
		charts.forEach((chart) => chart.mark(added));
	}
}

function show(frame) {
	addEvents(frame.events);
	controls.forEach((control) => control.show(frame));
	document.getElementById("pooling").disabled = frame.pool === null;
	document.body.classList.toggle("without-pool", frame.pool === null);
	text("notice", notice(frame));
	document.getElementById("notice").hidden = notice(frame) === "";
	views.forEach((view) => view.show(frame));
}

function notice(frame) {
	if (frame.pool === null) {
		return "The pool is disabled by its configuration, so all calls use the plain client.";
	}
	return frame.controls.pooling
		? "" : "The callers of this page use the plain client. They send no calls through the pool.";
}

function connected(isConnected) {
	const status = document.getElementById("status");
	status.className = "status " + (isConnected ? "open" : "lost");
	status.textContent = isConnected ? "Live" : "Connection lost. Reconnecting…";
}

const stream = new EventSource("live");
stream.onopen = () => connected(true);
stream.onerror = () => {
	lastEvent = null;
	connected(false);
};
stream.addEventListener("history", (message) => restart(JSON.parse(message.data)));
stream.onmessage = (message) => {
	if (lastEvent !== null) {
		show(JSON.parse(message.data));
	}
};
