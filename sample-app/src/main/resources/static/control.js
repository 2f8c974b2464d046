// Form control for a value of the sample: sends the changes of the user, and shows the changes of other users.

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
				await fetch(this.#address + this.element[this.#property], { method: "POST" });
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
