// The two charts of the last minute.

import { SCALE_DOWN, SCALE_UP } from "./events.js";
import { liveServices } from "./figures.js";

const SPAN_MILLIS = 60_000;

// Concurrent requests per connection, so that both axes have the same scale.
const REQUESTS_PER_SERVICE = 10;

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

	add(dataset, x, y) {
		this.chart.data.datasets[dataset].data.push({ x, y });
	}

	update(now) {
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

	#marked = "";

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
					y: { min: 0, max: 10, grid: {}, ticks: { stepSize: 2 }, title: { display: true, text: "services" } },
					requests: { position: "right", min: 0, max: 10 * REQUESTS_PER_SERVICE, grid: { display: false },
						ticks: { stepSize: 2 * REQUESTS_PER_SERVICE }, title: { display: true, text: "requests" } },
				},
			},
		});
		this.onColors(() => {
			const [scaleUp, scaleDown, services, demand] = this.chart.data.datasets;
			scaleUp.borderColor = scaleUp.backgroundColor = color("scale-up");
			scaleDown.borderColor = scaleDown.backgroundColor = color("scale-down");
			services.borderColor = color("accent");
			services.backgroundColor = color("accent") + "1f";
			demand.borderColor = color("demand");
			const { y, requests } = this.chart.options.scales;
			y.title.color = requests.title.color = color("muted");
		});
	}

	show({ timestamp, pool }) {
		if (pool === null) {
			return;
		}
		const now = Date.parse(timestamp);
		const { y, requests } = this.chart.options.scales;
		y.max = Math.max(10, pool.maxServices ?? 0);
		requests.max = REQUESTS_PER_SERVICE * y.max;
		this.#mark(pool.events);
		this.add(2, now, liveServices(pool));
		this.add(3, now, pool.inFlight + pool.waiting);
		this.update(now);
	}

	#mark(events) {
		const added = events.filter((event) => event.timestamp > this.#marked);
		for (const event of added) {
			if (SCALE_UP.has(event.type)) {
				this.add(0, Date.parse(event.timestamp), event.poolSize);
			}
			else if (SCALE_DOWN.has(event.type)) {
				this.add(1, Date.parse(event.timestamp), event.poolSize);
			}
		}
		this.#marked = added.at(-1)?.timestamp ?? this.#marked;
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

	show({ timestamp, pool }) {
		if (pool === null) {
			return;
		}
		this.thresholds.above = pool.loadedAbove;
		this.thresholds.below = Math.max(pool.underutilizedBelow, MIN_ESTIMATE);
		const now = Date.parse(timestamp);
		this.add(0, now, Math.max(pool.loadEstimate, MIN_ESTIMATE));
		this.update(now);
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
		ticks: { maxRotation: 0, callback: (value, index, ticks) => ago((ticks.at(-1).value - value) / 1000) },
		afterBuildTicks: (axis) => axis.ticks = [3, 2, 1, 0].map((part) => ({ value: axis.max - part * SPAN_MILLIS / 3 })),
	};
}

function ago(seconds) {
	return (seconds === 0) ? "now" : `${Math.round(seconds)} s ago`;
}

function color(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
