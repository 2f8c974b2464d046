// Form control for a value of the sample: sends the changes of the user, and shows the changes of other users.

import { text } from "./dom.js";

export class Control {

	#element;

	#output;

	#property;

	#address;

	#value;

	#sending = false;

	#unsent = false;

	constructor(id, property, address, value) {
		this.#element = document.getElementById(id);
		this.#output = document.getElementById(`${id}-value`);
		this.#property = property;
		this.#address = address;
		this.#value = value;
		this.#element.addEventListener("input", () => {
			this.#showOutput();
			this.#send();
		});
	}

	show(frame) {
		if (!this.#sending) {
			this.#element[this.#property] = this.#value(frame);
		}
		this.#showOutput();
	}

	#showOutput() {
		if (this.#output !== null) {
			text(this.#output, this.#element[this.#property]);
		}
	}

	// Send requests one at a time. If the value changes in the meantime, only its last change is sent afterward.
	async #send() {
		this.#unsent = true;
		if (this.#sending) {
			return;
		}
		this.#sending = true;
		try {
			while (this.#unsent) {
				this.#unsent = false;
				await fetch(this.#address + this.#element[this.#property], { method: "POST" });
			}
		}
		catch {
			// The page already shows that the connection is lost. The next frame contains the current value.
		}
		finally {
			this.#unsent = false;
			this.#sending = false;
		}
	}

}
