// The figures at the top, and for screen readers a word when the size has changed.

import { LastSecond } from "./last-second.js";

const STATES = ["ready", "busy", "ejected", "making", "draining"];

export class Figures {

	#lastSecond = new LastSecond((frame) => ({ answered: frame.answered, failed: frame.failed }));

	#announced = null;

	show(frame) {
		const { seconds, then } = this.#lastSecond.add(frame);
		const failing = (frame.failed - then.failed) / seconds;
		text("answered", Math.round((frame.answered - then.answered) / seconds));
		text("failed", Math.round(failing));
		document.getElementById("failed").classList.toggle("failing", failing > 0);
		text("services", frame.pool?.services.total ?? "none");
		text("states", frame.pool ? states(frame.pool.services) : "");
		text("in-flight", frame.pool?.inFlight ?? "–");
		text("waiting", frame.pool?.waiting ?? "–");
		this.#announce(frame.pool);
	}

	// Not while the size still changes, or a reader would have to listen to each step.
	#announce(pool) {
		const size = pool?.services.total;
		if (size !== this.#announced?.size) {
			clearTimeout(this.#announced?.timer);
			const timer = setTimeout(() => text("announcement", `${size} services`), 1000);
			this.#announced = { size, timer };
		}
	}

}

function states(services) {
	return STATES.filter((state) => services[state] > 0).map((state) => `${services[state]} ${state}`).join(", ");
}

function text(id, value) {
	const element = document.getElementById(id);
	if (element.textContent !== String(value)) {
		element.textContent = value;
	}
}
