package dev.servicepool.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the live page in a browser.
 */
@EnabledIf(value = "dev.servicepool.sample.Browser#isInstalled", disabledReason = Browser.NOT_INSTALLED)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "pool.headroom-window=500ms", "pool.idle-timeout=500ms", "pool.cold-after=500ms" })
@Tag("slow")
class LivePageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static @Nullable Browser browser;

	@LocalServerPort
	private int port;

	@Autowired
	private LiveLoad load;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
	}

	@AfterAll
	static void endBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void open() {
		browser().width(1200);
		browser().driver().get(address());
		awaitText("status", "Live");
		await().atMost(PATIENCE).until(() -> connections() > 0);
	}

	@AfterEach
	void assertNoErrors() {
		this.load.callers(0);
		this.load.forecastCallers(0);
		this.load.pooling(true);
		browser().assertNoErrors();
	}

	@Test
	void poolScalesUpAndDownWithCallers() {
		int before = connections();
		slider("callers").sendKeys(Keys.END);
		awaitText("callers-value", "100");
		await().atMost(PATIENCE).until(() -> connections() >= before + 2);
		assertThat(events("scale-up")).anySatisfy((event) -> assertThat(event).asString().contains("created", "above"));
		slider("callers").sendKeys(Keys.HOME);
		awaitText("callers-value", "0");
		await().atMost(PATIENCE).until(() -> connections() == 2);
		assertThat(events("scale-down")).isNotEmpty()
			.allSatisfy((event) -> assertThat(event).asString().contains("retired"));
		await().atMost(PATIENCE).until(() -> this.load.callers() == 0 && all("#connection-list .service").size() == 2);
	}

	@Test
	void modelsAreAddedAndRemovedWithForecastCallers() {
		slider("forecast-callers").sendKeys(Keys.END);
		awaitText("forecast-callers-value", "10");
		awaitText("models", "4");
		await().atMost(PATIENCE)
			.until(() -> texts("#forecast-calls .total").get(0).matches("0 of [\\d,]+ calls failed .*"));
		slider("forecast-callers").sendKeys(Keys.HOME);
		awaitText("models", "1");
		await().atMost(PATIENCE).until(() -> all("#model-list .service").size() == 1);
	}

	@Test
	void pageComparesClientsUnderSameLoad() {
		this.load.callers(40);
		await().atMost(PATIENCE).until(() -> succeeded("with-pool") > 0);
		WebElement pooling = browser().driver().findElement(By.id("pooling"));
		pooling.sendKeys(Keys.SPACE);
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(texts(".use")).startsWith("not in use: figures of the last 5 s of use",
					"in use: figures of the last 5 s");
			assertThat(texts("#without-pool .total, #without-pool .cause")).satisfiesExactly(
					(total) -> assertThat(total).containsPattern("^[1-9][\\d,]* of .* calls failed \\("),
					(cause) -> assertThat(cause).endsWith("too many concurrent streams"));
			assertThat(texts("#with-pool .total").get(0)).containsPattern("^[\\d,]+ of [1-9][\\d,]* calls failed");
			assertThat(texts(".calls .figures dd:not(.note)").subList(0, 8))
				.satisfies((figures) -> assertThat(figures.get(1)).isEqualTo("0"))
				.satisfies((figures) -> assertThat(figures.get(5)).isNotIn("0", "–"))
				.satisfies(
						(figures) -> assertThat(List.of(figures.get(2), figures.get(3), figures.get(6), figures.get(7)))
							.allMatch((time) -> time.endsWith(" ms")));
		});
		assertThat(this.load.callers()).isEqualTo(40);
		pooling.sendKeys(Keys.SPACE);
		await().atMost(PATIENCE).until(() -> this.load.isPooling() && texts(".use").get(0).startsWith("in use"));
	}

	@Test
	void pageShowsHistoryFromBeforeItWasOpened() {
		this.load.callers(100);
		await().atMost(PATIENCE).until(() -> connections() > 2 && !events("scale-up").isEmpty());
		this.load.callers(0);
		await().atMost(PATIENCE).until(() -> connections() == 2);
		List<?> before = events("scale-up");
		open();
		assertThat(events("scale-up")).isEqualTo(before);
		String earlierPeak = "return Math.max(...Chart.getChart('size-chart').data.datasets[2].data"
				+ ".filter(({ x }) => x < performance.timeOrigin).map(({ y }) => y))";
		assertThat(number(earlierPeak)).isGreaterThan(2);
	}

	@Test
	void similarEventsShareOneEntry(@Autowired LiveHistory history) {
		this.load.callers(100);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts("#events li"))
				.anySatisfy((event) -> assertThat(event).containsPattern("limited #\\d+, .* times since ")));
		assertThat(texts("#events .type")).filteredOn((type) -> type.startsWith("limited"))
			.hasSizeLessThan((int) history.content()
				.events()
				.stream()
				.filter((event) -> event.type().equals("limited"))
				.count());
	}

	@Test
	void idlePageShowsColdConnectionsAndNoCalls() {
		this.load.callers(5);
		await().atMost(PATIENCE).until(() -> succeeded("with-pool") > 0);
		this.load.callers(0);
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(texts(".use")).noneMatch((use) -> use.startsWith("in use"));
			assertThat(texts("#connection-list .state")).hasSize(2).containsOnly("cold");
			assertThat(texts("#connection-list .rate")).containsOnly("0 calls per second");
		});
		awaitText("states", "2 cold");
		awaitText("in-flight", "0");
	}

	@Test
	void slowServerReceivesFewerCalls() {
		this.load.callers(30);
		WebElement slow = browser().driver().findElement(By.id("slow"));
		slow.sendKeys(Keys.SPACE);
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<WebElement> servers = all(".server");
			assertThat(servers.get(1).getText()).contains("Second server, slow");
			assertThat(rate(servers.get(0))).isGreaterThan(2 * rate(servers.get(1))).isPositive();
			assertThat(all("#events li")).isNotEmpty();
		});
		slow.sendKeys(Keys.SPACE);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(all(".server").get(1).getText()).doesNotContain("slow"));
	}

	@Test
	void pageShowsNumberOfCallersSetElsewhere() {
		this.load.callers(7);
		awaitText("callers-value", "7");
		assertThat(slider("callers").getDomProperty("value")).isEqualTo("7");
	}

	@ParameterizedTest
	@CsvSource({ "light, 'rgb(244, 246, 248)'", "dark, 'rgb(18, 23, 29)'" })
	void pageFitsNarrowScreenInBothColorSchemes(String scheme, String background) {
		browser().width(400);
		browser().colorScheme(scheme);
		assertThat(script("return innerWidth")).isEqualTo(400L);
		// The charts adapt after the browser reports the new width.
		String tooWide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(script(tooWide)).isEqualTo(0L));
		assertThat(script("return getComputedStyle(document.body).backgroundColor")).isEqualTo(background);
		String gridIsBorder = "return Object.values(Chart.instances)[0].options.scales.x.grid.color"
				+ " === getComputedStyle(document.documentElement).getPropertyValue('--border')";
		await().atMost(PATIENCE).until(() -> script(gridIsBorder).equals(true));
	}

	@Test
	void everyControlAndChartHasName() {
		List<WebElement> named = all("input, button, a, canvas, [tabindex]");
		assertThat(named).hasSizeGreaterThanOrEqualTo(11)
			.allSatisfy((element) -> assertThat(element.getAccessibleName()).isNotBlank());
	}

	@Test
	void everyLinkLeadsToEndpoint() throws IOException {
		List<WebElement> links = all("a");
		assertThat(links).hasSizeGreaterThanOrEqualTo(3);
		for (WebElement link : links) {
			String address = String.valueOf(link.getDomProperty("href"));
			assertThat(address).startsWith(address() + "actuator/");
			try (InputStream response = URI.create(address).toURL().openStream()) {
				assertThat(response.read()).as(address).isPositive();
			}
		}
	}

	private String address() {
		return "http://127.0.0.1:" + this.port + "/";
	}

	private static WebElement slider(String id) {
		return browser().driver().findElement(By.id(id));
	}

	private static int connections() {
		return number("return Number.parseInt(document.getElementById('connections').textContent) || 0");
	}

	private static int succeeded(String id) {
		return number(
				"return Number.parseInt(document.querySelector('#%s .figures dd').textContent) || 0".formatted(id));
	}

	private static List<String> events(String kind) {
		return texts("#events ." + kind);
	}

	/** Read texts by a script, because the page may replace their elements meanwhile. */
	private static List<String> texts(String selector) {
		return ((List<?>) script("return [...document.querySelectorAll('%s')].map((element) => element.textContent)"
			.formatted(selector))).stream().map(String::valueOf).toList();
	}

	private static int rate(WebElement server) {
		String text = server.findElement(By.className("rate")).getText();
		return Integer.parseInt(text.substring(0, text.indexOf(' ')));
	}

	private static void awaitText(String id, String text) {
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(browser().driver().findElement(By.id(id)).getText()).as(id).isEqualTo(text));
	}

	private static List<WebElement> all(String selector) {
		return browser().driver().findElements(By.cssSelector(selector));
	}

	private static Object script(String script) {
		Object result = browser().driver().executeScript(script);
		assertThat(result).as(script).isNotNull();
		return result;
	}

	private static int number(String script) {
		return ((Number) script(script)).intValue();
	}

	private static Browser browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

}
