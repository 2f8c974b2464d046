package dev.servicepool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code example in the Javadoc of {@link Pool} is the body of {@link #example()},
 * which is compiled and run here.
 */
@Timeout(30)
class PoolJavadocTests {

	private final List<String> calls = new CopyOnWriteArrayList<>();

	@Test
	void exampleInJavadocIsCompiledCode() throws IOException {
		String javadoc = between(source("main", Pool.class), "<pre class=\"code\">\n", "\n * </pre>");
		String body = between(source("test", getClass()), "void example() throws Exception {\n", "\n\t}\n");
		assertThat(unescaped(javadoc)).isEqualTo(body.replaceAll("(?m)^\t\t", "").replace("\t", "    "));
	}

	@Test
	void exampleSendsRequestsAndClosesService() throws Exception {
		example();
		assertThat(this.calls).containsExactly("first prompt", "second prompt", "close");
	}

	void example() throws Exception {
		ServiceFactory<String, String> factory = (target) -> {
			ModelProcess process = new ModelProcess();
			return Service.of(process::ask, process::close);
		};
		Pool<String, String> pool = Pool.builder().name("model").maxConcurrency(2).maxServices(3).build(factory);

		String response = pool.call("first prompt");

		Lease<String, String> lease = pool.acquire();
		try {
			response = lease.service().call("second prompt");
			lease.succeed();
		}
		catch (Throwable ex) {
			lease.fail(ex);
			throw ex;
		}

		pool.close();
	}

	private String source(String sourceSet, Class<?> type) throws IOException {
		return Files.readString(Path.of("src", sourceSet, "java", "dev", "servicepool", type.getSimpleName() + ".java"))
			.replace("\r\n", "\n");
	}

	private String between(String text, String start, String end) {
		int begin = text.indexOf(start) + start.length();
		return text.substring(begin, text.indexOf(end, begin));
	}

	private String unescaped(String javadoc) {
		return javadoc.replaceAll("(?m)^ \\* ?", "").replace("&lt;", "<").replace("&gt;", ">").replace("&#064;", "@");
	}

	private final class ModelProcess {

		String ask(String prompt) throws IOException {
			PoolJavadocTests.this.calls.add(prompt);
			return "response to " + prompt;
		}

		void close() {
			PoolJavadocTests.this.calls.add("close");
		}

	}

}
