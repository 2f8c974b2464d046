package dev.servicepool.spring.autoconfigure;

import java.io.InputStream;
import java.util.Map;

import dev.servicepool.Pool;
import dev.servicepool.spring.StreamHandler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.RestClient;

/**
 * Standalone application that streams through a pool to the server that its first
 * argument names. It uploads and downloads the number of mebibytes in its second
 * argument. It prints the result and the mebibytes of heap that it uses while idle.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StreamingClient {

	/**
	 * Run the application.
	 * @param args the address of the server, the mebibytes, and Spring properties
	 */
	public static void main(String[] args) throws Exception {
		SpringApplication application = new SpringApplication(StreamingClient.class);
		application
			.setDefaultProperties(Map.of("pool.instances.streams.targets", args[0], "spring.main.web-application-type",
					"none", "spring.main.banner-mode", "off", "logging.level.root", "warn"));
		try (ConfigurableApplicationContext context = application.run(args)) {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(args[0]).build();
			int mebibytes = Integer.parseInt(args[1]);
			transfer(client, 1);
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			System.out.println("idle " + (runtime.totalMemory() - runtime.freeMemory()) / 1024 / 1024);
			System.out.println(transfer(client, mebibytes));
			System.out.println("in flight " + context.getBean(Pool.class).snapshot().load().inFlight() + ", "
					+ context.getBean(Pool.class).snapshot().services().get(0).details());
		}
	}

	private static String transfer(RestClient client, int mebibytes) throws Exception {
		// The download comes first, because Tomcat does not accept a large body with the
		// upgrade to HTTP/2.
		String down;
		try (InputStream input = client.get().uri("/" + mebibytes).retrieve().body(InputStream.class)) {
			down = StreamHandler.read(input);
		}
		StreamingHttpOutputMessage.Body body = (output) -> StreamHandler.write(mebibytes, output);
		String up = client.post().uri("/").body(body).retrieve().body(String.class);
		return "up " + up + ", down " + down;
	}

}
