// Functions that change the document.

// Change a text only if it differs, so that screen readers do not announce it again.
export function text(element, value) {
	const target = (typeof element === "string") ? document.getElementById(element) : element;
	if (target.textContent !== String(value)) {
		target.textContent = value;
	}
}

export function child(parent, name, className = "", content = "") {
	const created = document.createElement(name);
	created.className = className;
	created.textContent = content;
	return parent.appendChild(created);
}

// Return a duration such as PT1M30S in words that are easy to read.
export function duration(iso) {
	const [, hours, minutes, seconds] = /^PT(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?$/.exec(iso) ?? [];
	return [hours && `${hours} h`, minutes && `${minutes} min`, seconds && `${seconds} s`].filter(Boolean).join(" ");
}
