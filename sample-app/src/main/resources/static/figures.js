// The figures of a pool, and an announcement for screen readers after the number of connections has changed.

import { duration, text } from "./dom.js";

const STATES = ["ready", "cold", "busy", "pending", "paused", "ejected", "draining", "closing"];

export class Figures {

	#announced = null;

	show({ pool }) {
		if (pool === null) {
			return;
		}
		text("connections", liveServices(pool));
		text("states", states(pool));
		text("in-flight", pool.inFlight);
		text("waiting", pool.waiting);
		text("max-connections", pool.maxServices ?? "any number of");
		text("idle-timeout", duration(pool.settings.idleTimeout));
		this.#announce(liveServices(pool));
	}

	// Wait until the size is stable, so that a screen reader does not announce each step.
	#announce(size) {
		if (size !== this.#announced?.size) {
			clearTimeout(this.#announced?.timer);
			const timer = setTimeout(() => text("announcement", `${size} connections`), 1000);
			this.#announced = { size, timer };
		}
	}

}

// Services that are not retired.
export function liveServices({ size }) {
	return size.total - size.draining - size.closing;
}

// Return the state of a service. A cold service that is ready accepts only one request.
export function stateOf({ state, limit, learnedLimit }) {
	const isCold = limit === 1 && learnedLimit !== 1;
	return (isCold && (state === "ready" || state === "busy")) ? "cold" : state;
}

export function states({ services, size }) {
	const present = services.map(stateOf);
	return STATES.map((state) => [present.filter((each) => each === state).length, state])
		.concat([[size.creating, "creating"]])
		.filter(([count]) => count > 0)
		.map(([count, state]) => `${count} ${state}`)
		.join(", ");
}
