package dev.servicepool.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Headless Chromium, if it is installed. The system properties {@code sample.browser} and
 * {@code sample.browser-driver} set the paths of the browser and of its driver if they
 * differ from Debian's.
 */
final class Browser implements AutoCloseable {

	static final String NOT_INSTALLED = "The live page is not tested because no browser is installed. "
			+ "Install Debian's packages chromium and chromium-driver, or set -Dsample.browser and -Dsample.browser-driver";

	private static final Path CHROMIUM = Path.of(System.getProperty("sample.browser", "/usr/bin/chromium"));

	private static final Path CHROMEDRIVER = Path
		.of(System.getProperty("sample.browser-driver", "/usr/bin/chromedriver"));

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	static boolean isInstalled() {
		return Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
	}

	static Browser start() throws IOException {
		// Set the driver so that Selenium does not search for one.
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile())
			.usingAnyFreePort()
			.build();
		return new Browser(new ChromeDriver(service, options()));
	}

	private static ChromeOptions options() throws IOException {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + Files.createTempDirectory(Path.of("target").toAbsolutePath(), "browser"));
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
		return options;
	}

	ChromeDriver driver() {
		return this.driver;
	}

	void width(int pixels) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1, "mobile", false));
	}

	void colorScheme(String name) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
	}

	void assertNoErrors() {
		assertThat(this.driver.manage().logs().get(LogType.BROWSER)).filteredOn(Browser::isError).isEmpty();
	}

	private static boolean isError(LogEntry entry) {
		return entry.getLevel().intValue() >= Level.WARNING.intValue();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
