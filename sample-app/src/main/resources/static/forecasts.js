// The pool of forecast models.

import { Calls } from "./calls.js";
import { text } from "./dom.js";
import { liveServices, states } from "./figures.js";
import { Rows } from "./rows.js";

export class Forecasts {

	#calls = new Calls("forecast-calls", (frame) => frame.calls.forecasts);

	#rows = new Rows(document.getElementById("model-list"));

	show(frame) {
		const pool = frame.forecasts;
		document.getElementById("forecasts").hidden = pool === null;
		if (pool === null) {
			return;
		}
		this.#calls.show(frame);
		text("models", liveServices(pool));
		text("model-states", states(pool));
		text("models-in-flight", pool.inFlight);
		text("models-waiting", pool.waiting);
		text("max-models", pool.maxServices ?? "any number of");
		this.#rows.show(pool.services);
		text("last-decision", decision(pool.lastDecision));
	}

}

function decision(event) {
	if (event === null) {
		return "";
	}
	const time = new Date(event.timestamp).toLocaleTimeString([], { hour12: false });
	const service = (event.service !== null) ? ` #${event.service}` : "";
	return `Last decision: ${time} ${event.type}${service} (${event.message})`;
}
