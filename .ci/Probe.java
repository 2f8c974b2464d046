import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a running sample as a user would. Run it with
 * {@code java .ci/Probe.java BASE_URL SECONDS_TO_WAIT}, and with {@code --not-pooled} if
 * the pool is disabled. To print a free port, run
 * {@code java .ci/Probe.java --free-port}.
 */
class Probe {

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	public static void main(String[] args) throws Exception {
		if (args[0].equals("--free-port")) {
			try (ServerSocket socket = new ServerSocket(0)) {
				System.out.println(socket.getLocalPort());
			}
			return;
		}
		String base = args[0];
		awaitUp(base + "/actuator/pool", Duration.ofSeconds(Integer.parseInt(args[1])));
		if (args.length > 2 && args[2].equals("--not-pooled")) {
			expect(send("GET", base + "/quotes/ACME"), 200, "\"symbol\":\"ACME\"");
			expect(send("GET", base + "/actuator/pool"), 200, "^(?!.*\"quotes\")");
			expect(send("GET", base + "/actuator/pool/quotes"), 404, "");
			System.out.println("Probe: the sample works without the pool");
			return;
		}
		expect(send("GET", base + "/"), 200, "<script type=\"module\" src=\"live.js\">");
		expect(send("GET", base + "/webjars/chart.js/dist/chart.umd.min.js"), 200, "Chart");
		expect(send("GET", base + "/quotes/ACME"), 200, "\"symbol\":\"ACME\"");
		expect(send("GET", base + "/actuator/pool"), 200, "\"quotes\":\\{\"level\":\"");
		expect(send("GET", base + "/actuator/pool/quotes"), 200, "\"events\":\\[\\{");
		expect(send("GET", base + "/actuator/pool/nope"), 404, "");
		expect(send("POST", base + "/actuator/pool"), 405, "");
		expect(send("GET", base + "/actuator/health"), 200, "\"status\":\"UP\"");
		expect(send("GET", base + "/actuator/prometheus"), 200, "servicepool_services");
		String load = expect(send("POST", base + "/load?callers=60&seconds=5"), 200, "\"failed\":0,");
		Matcher most = Pattern.compile("\"maxServices\":(\\d+)").matcher(load);
		if (!most.find() || Integer.parseInt(most.group(1)) < 4) {
			// Three services would suffice if a connection accepted 20 requests, but the server accepts 10.
			throw new AssertionError("The pool did not scale up to 4 services: " + load);
		}
		System.out.println("Probe: the sample works");
	}

	private static void awaitUp(String url, Duration atMost) throws Exception {
		long end = System.nanoTime() + atMost.toNanos();
		while (true) {
			try {
				if (send("GET", url).statusCode() == 200) {
					return;
				}
			}
			catch (IOException ex) {
				if (System.nanoTime() - end > 0) {
					throw new AssertionError(url + " did not respond within " + atMost, ex);
				}
			}
			Thread.sleep(500);
		}
	}

	private static HttpResponse<String> send(String method, String url) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(60))
			.build();
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static String expect(HttpResponse<String> response, int status, String pattern) {
		String body = response.body();
		String shown = (body.length() > 600) ? body.substring(0, 600) + "..." : body;
		System.out.println(response.request().method() + " " + response.uri() + " -> " + response.statusCode() + " "
				+ shown);
		if (response.statusCode() != status || !Pattern.compile(pattern).matcher(body).find()) {
			throw new AssertionError("Expected " + status + " and " + pattern);
		}
		return body;
	}

}
