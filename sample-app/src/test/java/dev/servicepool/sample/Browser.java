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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Chromium without a window, where it is installed. The system properties
 * {@code sample.browser} and {@code sample.browser-driver} say where that is elsewhere
 * than in Debian.
 */
final class Browser implements AutoCloseable {

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/**
	 * Start a browser, or skip the test if there is none.
	 */
	static Browser start() throws IOException {
		Path chromium = installed("sample.browser", "/usr/bin/chromium");
		Path driver = installed("sample.browser-driver", "/usr/bin/chromedriver");
		// Named, so that nothing looks for a driver elsewhere.
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile())
			.usingAnyFreePort()
			.build();
		return new Browser(new ChromeDriver(service, options(chromium)));
	}

	private static Path installed(String property, String path) {
		Path executable = Path.of(System.getProperty(property, path));
		assumeTrue(Files.isExecutable(executable),
				() -> ("The live page is not tested, since there is no '%s': "
						+ "install Debian's packages chromium and chromium-driver, or set -D%s")
					.formatted(executable, property));
		return executable;
	}

	private static ChromeOptions options(Path chromium) throws IOException {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium.toFile());
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

	void colourScheme(String name) {
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
