// A form control whose value lives at the sample: what the user says is sent there, and what others say is shown.

export class Control {

	#property;

	#address;

	#sending = false;

	#unsent = false;

	constructor(element, property, address) {
		this.element = element;
		this.#property = property;
		this.#address = address;
		element.addEventListener("input", () => this.#send());
	}

	show(value) {
		if (!this.#sending) {
			this.element[this.#property] = value;
		}
	}

	// One request at a time; a value that comes meanwhile is sent after it, older ones are not.
	async #send() {
		this.#unsent = true;
		if (this.#sending) {
			return;
		}
		this.#sending = true;
		try {
			while (this.#unsent) {
				this.#unsent = false;
				await fetch(this.#address + this.element[this.#property], { method: "POST" });
			}
		}
		catch {
			// The sample has gone, which the page says already; the next frame has the value in force.
		}
		finally {
			this.#unsent = false;
			this.#sending = false;
		}
	}

}
