package dev.servicepool.simulation;

import dev.servicepool.PoolSettings;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A chart of a scenario under two policies, one above the other. Each panel shows the
 * services, the requests in flight, and the load estimate with its upper threshold.
 */
final class SizingChart {

	private static final int WIDTH = 760;

	private static final int LEFT = 44;

	private static final int RIGHT = 12;

	private static final int SIZE_HEIGHT = 130;

	private static final int LOAD_HEIGHT = 44;

	private static final int PANEL_HEIGHT = 240;

	private static final String STYLE = """
			<style>
			text { font: 12px sans-serif; fill: #333 }
			.frame { fill: none; stroke: #bbb }
			.flight { fill: #9ec5e8; stroke: none }
			.size { fill: none; stroke: #b3261e; stroke-width: 1.6 }
			.load { fill: none; stroke: #3a7d44; stroke-width: 1.2 }
			.high { stroke: #3a7d44; stroke-dasharray: 3 3 }
			.title { font-weight: bold }
			</style>
			""";

	private final Scenario scenario;

	private final double most;

	private final StringBuilder svg = new StringBuilder();

	private SizingChart(Scenario scenario, double most) {
		this.scenario = scenario;
		this.most = most;
	}

	/**
	 * Draw the chart of a scenario.
	 * @param scenario the scenario
	 * @param original the outcome of the original policy
	 * @param guarded the outcome of the guarded policy
	 * @return an SVG document
	 */
	static String of(Scenario scenario, Outcome original, Outcome guarded) {
		SizingChart chart = new SizingChart(scenario,
				Math.max(chartMost(scenario, original), chartMost(scenario, guarded)));
		chart.begin();
		chart.panel(0, "original (headroom-window: 0)", original);
		chart.panel(PANEL_HEIGHT, "guarded (the defaults)", guarded);
		return chart.svg.append("</svg>\n").toString();
	}

	private static double chartMost(Scenario scenario, Outcome outcome) {
		double services = outcome.sizes()
			.stream()
			.filter((size) -> size.seconds() <= scenario.chartTo)
			.mapToInt(Outcome.Size::services)
			.max()
			.orElse(1);
		double inFlight = outcome.points().stream().mapToInt(Outcome.Point::inFlight).max().orElse(1);
		return Math.ceil(1.1 * Math.max(services, inFlight / scenario.limit));
	}

	private void begin() {
		int height = 2 * PANEL_HEIGHT;
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, height);
		add("<title>%s: services and requests in flight over time</title>%n", this.scenario.name);
		this.svg.append(STYLE);
		add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", WIDTH, height);
	}

	private void panel(int top, String title, Outcome outcome) {
		int sizeTop = top + 26;
		int loadTop = sizeTop + SIZE_HEIGHT + 8;
		add("<text class=\"title\" x=\"%d\" y=\"%d\">%s, %s</text>%n", LEFT, top + 17, this.scenario.name, title);
		inFlight(outcome, sizeTop);
		sizes(outcome, sizeTop);
		frame(sizeTop, SIZE_HEIGHT, number(this.most));
		load(outcome, loadTop);
		frame(loadTop, LOAD_HEIGHT, "0.25");
		legend(top + PANEL_HEIGHT - 10);
	}

	private void frame(int top, int height, String most) {
		add("<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n", LEFT, top, WIDTH - LEFT - RIGHT,
				height);
		add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 5, top + 10, most);
		add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>%n", LEFT - 5, top + height);
	}

	private void legend(int y) {
		add("<text x=\"%d\" y=\"%d\">%s s</text>%n", LEFT, y - 6, number(this.scenario.chartFrom));
		add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s s</text>%n", WIDTH - RIGHT, y - 6,
				number(this.scenario.chartTo));
		add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">red: services; blue: requests in flight, in units of "
				+ "one service; green: load estimate and loaded-above</text>%n", WIDTH / 2, y - 6);
	}

	private void inFlight(Outcome outcome, int top) {
		add("<path class=\"flight\" d=\"M%s %s", x(this.scenario.chartFrom), y(0, this.most, top, SIZE_HEIGHT));
		line(outcome, (point) -> (double) point.inFlight() / this.scenario.limit, this.most, top, SIZE_HEIGHT, 'L');
		add("L%s %s Z\"/>%n", x(this.scenario.chartTo), y(0, this.most, top, SIZE_HEIGHT));
	}

	private void sizes(Outcome outcome, int top) {
		int services = 0;
		StringBuilder path = new StringBuilder();
		for (Outcome.Size size : outcome.sizes()) {
			if (size.seconds() > this.scenario.chartTo) {
				break;
			}
			if (size.seconds() >= this.scenario.chartFrom) {
				if (path.isEmpty()) {
					path.append("M").append(x(this.scenario.chartFrom)).append(' ').append(sizeY(services, top));
				}
				path.append("H").append(x(size.seconds())).append("V").append(sizeY(size.services(), top));
			}
			services = size.services();
		}
		if (path.isEmpty()) {
			path.append("M").append(x(this.scenario.chartFrom)).append(' ').append(sizeY(services, top));
		}
		add("<path class=\"size\" d=\"%sH%s\"/>%n", path, x(this.scenario.chartTo));
	}

	private void load(Outcome outcome, int top) {
		String high = y(PoolSettings.DEFAULT_LOADED_ABOVE, 0.25, top, LOAD_HEIGHT);
		add("<line class=\"high\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>%n", LEFT, WIDTH - RIGHT, high, high);
		add("<path class=\"load\" d=\"");
		line(outcome, Outcome.Point::load, 0.25, top, LOAD_HEIGHT, 'M');
		add("\"/>%n");
	}

	private void line(Outcome outcome, ToDoubleFunction<Outcome.Point> value, double most, int top, int height,
			char first) {
		char command = first;
		for (Outcome.Point point : outcome.points()) {
			add("%s%s %s", command, x(point.seconds()), y(value.applyAsDouble(point), most, top, height));
			command = 'L';
		}
	}

	private String x(double seconds) {
		double share = (seconds - this.scenario.chartFrom) / (this.scenario.chartTo - this.scenario.chartFrom);
		return number(LEFT + Math.min(1, share) * (WIDTH - LEFT - RIGHT));
	}

	private String sizeY(int services, int top) {
		return y(services, this.most, top, SIZE_HEIGHT);
	}

	private static String y(double value, double most, int top, int height) {
		return number(top + height * (1 - Math.min(1, value / most)));
	}

	private static String number(double value) {
		String text = String.format(Locale.ROOT, "%.1f", value);
		return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
	}

	private void add(String format, Object... arguments) {
		this.svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), arguments));
	}

}
