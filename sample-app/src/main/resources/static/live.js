// Receives frames from the sample, updates all views with each frame, and connects the two controls.

import { Control } from "./control.js";
import { LoadChart, SizeChart } from "./charts.js";
import { Events } from "./events.js";
import { Figures } from "./figures.js";
import { Services } from "./services.js";

const views = [new Figures(), new SizeChart(), new LoadChart(), new Services(), new Events()];

const callers = new Control(document.getElementById("callers"), "value", "live/callers?count=");
const slow = new Control(document.getElementById("slow"), "checked", "live/slow?on=");
const callersValue = document.getElementById("callers-value");

function show(frame) {
	callers.show(frame.callers);
	slow.show(frame.slow);
	callersValue.value = callers.element.value;
	document.body.classList.toggle("without-pool", frame.pool === null);
	views.forEach((view) => view.show(frame));
}

callers.element.addEventListener("input", () => callersValue.value = callers.element.value);

const connection = document.getElementById("connection");

function connected(isConnected) {
	connection.className = "connection " + (isConnected ? "open" : "lost");
	connection.textContent = isConnected ? "Live" : "Connection lost. Reconnecting…";
}

const stream = new EventSource("live");
stream.onopen = () => connected(true);
stream.onerror = () => connected(false);
stream.onmessage = (message) => show(JSON.parse(message.data));
