package dev.servicepool.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
		properties = { "pool.headroom-window=500ms", "pool.idle-timeout=500ms" })
class LivePageTests {

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
		browser().driver().get("http://127.0.0.1:" + this.port + "/");
		awaitText("connection", "Live");
		await().until(() -> services() > 0);
	}

	@AfterEach
	void assertNoErrors() {
		this.load.callers(0);
		browser().assertNoErrors();
	}

	@Test
	void poolScalesUpAndDownWithCallers() {
		int before = services();
		slider().sendKeys(Keys.END);
		awaitText("callers-value", "100");
		await().atMost(Duration.ofSeconds(30)).until(() -> services() >= before + 2);
		assertThat(events("scale-up")).anySatisfy((event) -> assertThat(event).asString().contains("created", "above"));
		slider().sendKeys(Keys.HOME);
		awaitText("callers-value", "0");
		await().atMost(Duration.ofSeconds(30)).until(() -> services() == 2);
		assertThat(events("scale-down")).isNotEmpty()
			.allSatisfy((event) -> assertThat(event).asString().contains("retired"));
		await().until(() -> this.load.callers() == 0 && all(".service").size() == 2);
	}

	@Test
	void slowServerReceivesFewerCalls() {
		this.load.callers(30);
		WebElement slow = browser().driver().findElement(By.id("slow"));
		slow.sendKeys(Keys.SPACE);
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			List<WebElement> servers = all(".server");
			assertThat(servers.get(1).getText()).contains("Second server, slow");
			assertThat(rate(servers.get(0))).isGreaterThan(2 * rate(servers.get(1))).isPositive();
			assertThat(all("#events li")).isNotEmpty();
		});
		slow.sendKeys(Keys.SPACE);
		await().untilAsserted(() -> assertThat(all(".server").get(1).getText()).doesNotContain("slow"));
	}

	@Test
	void pageShowsNumberOfCallersSetElsewhere() {
		this.load.callers(7);
		awaitText("callers-value", "7");
		assertThat(slider().getDomProperty("value")).isEqualTo("7");
	}

	@ParameterizedTest
	@CsvSource({ "light, 'rgb(244, 246, 248)'", "dark, 'rgb(18, 23, 29)'" })
	void pageFitsNarrowScreenInBothColorSchemes(String scheme, String background) {
		browser().width(400);
		browser().colorScheme(scheme);
		assertThat(script("return innerWidth")).isEqualTo(400L);
		// The charts adapt after the browser reports the new width.
		String tooWide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
		await().untilAsserted(() -> assertThat(script(tooWide)).isEqualTo(0L));
		assertThat(script("return getComputedStyle(document.body).backgroundColor")).isEqualTo(background);
		String gridIsBorder = "return Object.values(Chart.instances)[0].options.scales.x.grid.color"
				+ " === getComputedStyle(document.documentElement).getPropertyValue('--border')";
		await().until(() -> script(gridIsBorder).equals(true));
	}

	@Test
	void everyControlAndChartHasName() {
		List<WebElement> named = all("input, button, a, canvas, [tabindex]");
		assertThat(named).hasSizeGreaterThanOrEqualTo(5)
			.allSatisfy((element) -> assertThat(element.getAccessibleName()).isNotBlank());
	}

	private WebElement slider() {
		return browser().driver().findElement(By.id("callers"));
	}

	private int services() {
		return ((Number) script("return Number.parseInt(document.getElementById('services').textContent) || 0"))
			.intValue();
	}

	/** Read the events by a script, because the page may replace them in the meantime. */
	private List<?> events(String kind) {
		return (List<?>) script(
				"return [...document.querySelectorAll('#events .%s')].map((item) => item.textContent)".formatted(kind));
	}

	private static int rate(WebElement server) {
		String text = server.findElement(By.className("rate")).getText();
		return Integer.parseInt(text.substring(0, text.indexOf(' ')));
	}

	private static void awaitText(String id, String text) {
		await().untilAsserted(
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

	private static Browser browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

}
