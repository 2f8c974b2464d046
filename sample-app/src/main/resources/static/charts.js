// The two charts over the last minute.

import { GROWS, SHRINKS } from "./decisions.js";

const SPAN_MILLIS = 60_000;

// What a connection takes, so that demand and services have one scale.
const REQUESTS_PER_SERVICE = 10;

const LEAST_LOAD = 1e-6;

const dark = matchMedia("(prefers-color-scheme: dark)");

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

class TimeChart {

	#colours = [];

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
		this.onColours(() => {
			for (const scale of Object.values(this.chart.options.scales)) {
				scale.grid.color = colour("border");
				scale.ticks.color = colour("muted");
			}
		});
		dark.addEventListener("change", () => {
			this.#colours.forEach((recolour) => recolour());
			this.chart.update("none");
		});
	}

	onColours(recolour) {
		this.#colours.push(recolour);
		recolour();
	}

	add(dataset, x, y) {
		this.chart.data.datasets[dataset].data.push({ x, y });
	}

	update(now) {
		for (const { data } of this.chart.data.datasets) {
			// The point before the first that is in sight begins the line.
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
		this.onColours(() => {
			const [grow, shrink, services, demand] = this.chart.data.datasets;
			grow.borderColor = grow.backgroundColor = colour("grow");
			shrink.borderColor = shrink.backgroundColor = colour("shrink");
			services.borderColor = colour("accent");
			services.backgroundColor = colour("accent") + "1f";
			demand.borderColor = colour("demand");
			const { y, requests } = this.chart.options.scales;
			y.title.color = requests.title.color = colour("muted");
		});
	}

	show({ time, pool }) {
		if (pool === null) {
			return;
		}
		const now = Date.parse(time);
		const { y, requests } = this.chart.options.scales;
		y.max = Math.max(10, pool.maxServices ?? 0);
		requests.max = REQUESTS_PER_SERVICE * y.max;
		this.#mark(pool.events);
		this.add(2, now, pool.services.total);
		this.add(3, now, pool.inFlight + pool.waiting);
		this.update(now);
	}

	#mark(events) {
		const fresh = events.filter((event) => event.time > this.#marked);
		for (const event of fresh) {
			if (GROWS.has(event.what)) {
				this.add(0, Date.parse(event.time), event.services);
			}
			else if (SHRINKS.has(event.what)) {
				this.add(1, Date.parse(event.time), event.services);
			}
		}
		this.#marked = fresh.at(-1)?.time ?? this.#marked;
	}

}

export class LoadChart extends TimeChart {

	constructor() {
		const thresholds = { above: 1, below: LEAST_LOAD };
		super("load-chart", {
			type: "line",
			data: { datasets: [{ data: [], borderWidth: 1.5, borderJoinStyle: "round", pointRadius: 0 }] },
			options: {
				scales: {
					y: {
						type: "logarithmic", min: LEAST_LOAD, max: 1, grid: {},
						ticks: { autoSkip: false, callback: String },
						afterBuildTicks: (axis) => axis.ticks = Object.values(thresholds).map((value) => ({ value })),
					},
				},
			},
			plugins: [{ id: "bands", beforeDatasetsDraw: (chart) => drawBands(chart, thresholds) }],
		});
		this.thresholds = thresholds;
		this.onColours(() => this.chart.data.datasets[0].borderColor = colour("accent"));
	}

	show({ time, pool }) {
		if (pool === null) {
			return;
		}
		this.thresholds.above = pool.loadedAbove;
		this.thresholds.below = Math.max(pool.underutilizedBelow, LEAST_LOAD);
		const now = Date.parse(time);
		this.add(0, now, Math.max(pool.load, LEAST_LOAD));
		this.update(now);
	}

}

function drawBands({ ctx, chartArea, scales }, { above, below }) {
	const high = scales.y.getPixelForValue(above);
	const low = scales.y.getPixelForValue(below);
	ctx.save();
	ctx.font = `600 12px ${Chart.defaults.font.family}`;
	ctx.textBaseline = "middle";
	band(ctx, chartArea, chartArea.top, high, "grow", "▲ above: one service more");
	band(ctx, chartArea, low, chartArea.bottom, "shrink", "▼ below: one less");
	ctx.restore();
}

function band(ctx, { left, right }, top, bottom, name, words) {
	ctx.fillStyle = colour(`${name}-band`);
	ctx.fillRect(left, top, right - left, bottom - top);
	ctx.fillStyle = colour(name);
	ctx.fillText(words, left + 8, (top + bottom) / 2);
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

function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
