// The two charts of the last minutes.

import { SCALE_DOWN, SCALE_UP } from "./folding.js";

const SPAN_MINUTES = 3;
const SPAN_MILLIS = SPAN_MINUTES * 60_000;

// Concurrent requests per connection, so that both axes have the same scale.
const REQUESTS_PER_CONNECTION = 10;

const MIN_ESTIMATE = 1e-6;

const dark = matchMedia("(prefers-color-scheme: dark)");

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

class TimeChart {

	#colors = [];

	constructor(id, config) {
		this.chart = new Chart(document.getElementById(id), {
			...config,
			options: {
				animation: false,
				events: [],
				maintainAspectRatio: false,
				parsing: false,
				plugins: { legend: { display: false } },
				...config.options,
				scales: { x: timeScale(), ...config.options.scales },
			},
		});
		this.onColors(() => {
			for (const scale of Object.values(this.chart.options.scales)) {
				scale.grid.color = color("border");
				scale.ticks.color = color("muted");
			}
		});
		dark.addEventListener("change", () => {
			this.#colors.forEach((recolor) => recolor());
			this.chart.update("none");
		});
	}

	onColors(recolor) {
		this.#colors.push(recolor);
		recolor();
	}

	clear() {
		this.chart.data.datasets.forEach((dataset) => dataset.data = []);
	}

	// Events are displayed by those charts that override this method.
	mark() {
	}

	point(dataset, timestamp, y) {
		this.chart.data.datasets[dataset].data.push({ x: Date.parse(timestamp), y });
	}

	update(timestamp) {
		const now = Date.parse(timestamp);
		for (const { data } of this.chart.data.datasets) {
			// Keep one point before the visible range, where the line starts.
			while (data.length > 1 && data[1].x < now - SPAN_MILLIS) {
				data.shift();
			}
		}
		Object.assign(this.chart.options.scales.x, { min: now - SPAN_MILLIS, max: now });
		this.chart.update("none");
	}

}

export class SizeChart extends TimeChart {

	constructor() {
		const lines = { borderWidth: 2, pointRadius: 0 };
		const marks = { type: "scatter", pointStyle: "triangle", radius: 6, clip: false };
		super("size-chart", {
			type: "line",
			data: {
				datasets: [
					{ ...marks, data: [] },
					{ ...marks, data: [], rotation: 180 },
					{ ...lines, data: [], yAxisID: "y", stepped: "before", fill: true },
					{ ...lines, data: [], yAxisID: "requests", borderWidth: 1.5 },
				],
			},
			options: {
				scales: {
					y: { min: 0, max: 10, grid: {}, ticks: { stepSize: 2 }, title: { display: true, text: "connections" } },
					requests: { position: "right", min: 0, max: 10 * REQUESTS_PER_CONNECTION, grid: { display: false },
						ticks: { stepSize: 2 * REQUESTS_PER_CONNECTION }, title: { display: true, text: "requests" } },
				},
			},
		});
		this.onColors(() => {
			const [scaleUp, scaleDown, connections, demand] = this.chart.data.datasets;
			scaleUp.borderColor = scaleUp.backgroundColor = color("scale-up");
			scaleDown.borderColor = scaleDown.backgroundColor = color("scale-down");
			connections.borderColor = color("accent");
			connections.backgroundColor = color("accent") + "1f";
			demand.borderColor = color("demand");
			const { y, requests } = this.chart.options.scales;
			y.title.color = requests.title.color = color("muted");
		});
	}

	add({ timestamp, connections, demand }) {
		this.point(2, timestamp, connections);
		this.point(3, timestamp, demand);
	}

	mark(events) {
		for (const { type, timestamp, poolSize } of events) {
			if (SCALE_UP.has(type)) {
				this.point(0, timestamp, poolSize);
			}
			else if (SCALE_DOWN.has(type)) {
				this.point(1, timestamp, poolSize);
			}
		}
	}

	show({ timestamp, sample, pool }) {
		if (sample === null) {
			return;
		}
		this.add(sample);
		// Both axes have the same scale, so that the demand can be compared with the number of connections.
		const { y, requests } = this.chart.options.scales;
		const peak = Math.max(...this.chart.data.datasets[3].data.map((point) => point.y));
		y.max = 10 * Math.ceil(Math.max(10, pool.maxServices ?? 0, peak / REQUESTS_PER_CONNECTION) / 10);
		requests.max = REQUESTS_PER_CONNECTION * y.max;
		y.ticks.stepSize = y.max / 5;
		requests.ticks.stepSize = requests.max / 5;
		this.update(timestamp);
	}

}

export class LoadChart extends TimeChart {

	constructor() {
		const thresholds = { above: 1, below: MIN_ESTIMATE };
		super("load-chart", {
			type: "line",
			data: { datasets: [{ data: [], borderWidth: 1.5, borderJoinStyle: "round", pointRadius: 0 }] },
			options: {
				scales: {
					y: {
						type: "logarithmic", min: MIN_ESTIMATE, max: 1, grid: {},
						ticks: { autoSkip: false, callback: String },
						afterBuildTicks: (axis) => axis.ticks = Object.values(thresholds).map((value) => ({ value })),
					},
				},
			},
			plugins: [{ id: "bands", beforeDatasetsDraw: (chart) => drawBands(chart, thresholds) }],
		});
		this.thresholds = thresholds;
		this.onColors(() => this.chart.data.datasets[0].borderColor = color("accent"));
	}

	add({ timestamp, loadEstimate }) {
		if (loadEstimate !== null) {
			this.point(0, timestamp, Math.max(loadEstimate, MIN_ESTIMATE));
		}
	}

	show({ timestamp, sample, pool }) {
		if (sample === null) {
			return;
		}
		this.thresholds.above = pool.loadedAbove;
		this.thresholds.below = Math.max(pool.underutilizedBelow, MIN_ESTIMATE);
		this.add(sample);
		this.update(timestamp);
	}

}

function drawBands({ ctx, chartArea, scales }, { above, below }) {
	const high = scales.y.getPixelForValue(above);
	const low = scales.y.getPixelForValue(below);
	ctx.save();
	ctx.font = `600 12px ${Chart.defaults.font.family}`;
	ctx.textBaseline = "middle";
	band(ctx, chartArea, chartArea.top, high, "scale-up", "▲ above: scale up");
	band(ctx, chartArea, low, chartArea.bottom, "scale-down", "▼ below: scale down");
	ctx.restore();
}

function band(ctx, { left, right }, top, bottom, name, label) {
	ctx.fillStyle = color(`${name}-band`);
	ctx.fillRect(left, top, right - left, bottom - top);
	ctx.fillStyle = color(name);
	ctx.fillText(label, left + 8, (top + bottom) / 2);
}

function timeScale() {
	return {
		type: "linear", min: -SPAN_MILLIS, max: 0,
		grid: { display: false },
		ticks: { maxRotation: 0, callback: (value, index, ticks) => ago(Math.round((ticks.at(-1).value - value) / 60_000)) },
		afterBuildTicks: (axis) => {
			axis.ticks = Array.from({ length: SPAN_MINUTES + 1 }, (_, index) => ({ value: axis.min + index * 60_000 }));
		},
	};
}

function ago(minutes) {
	return (minutes === 0) ? "now" : `${minutes} min ago`;
}

function color(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
