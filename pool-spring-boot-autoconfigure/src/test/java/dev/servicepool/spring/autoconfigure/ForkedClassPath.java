package dev.servicepool.spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.springframework.boot.logging.LoggingSystem;

/**
 * The class path of the tests with more or less on it, for code that must not share a
 * class with the tests.
 */
final class ForkedClassPath {

	private final List<Path> entries;

	private ForkedClassPath(List<Path> entries) {
		this.entries = entries;
	}

	static ForkedClassPath ofTests() {
		return new ForkedClassPath(
				Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList());
	}

	/**
	 * Leave out libraries.
	 * @param jars how the names of their files begin
	 */
	ForkedClassPath without(Pattern jars) {
		return new ForkedClassPath(this.entries.stream()
			.filter((entry) -> !entry.toString().endsWith(".jar")
					|| !jars.matcher(entry.getFileName().toString()).lookingAt())
			.toList());
	}

	/**
	 * Put a directory in front of everything else.
	 */
	ForkedClassPath with(Path directory) {
		List<Path> entries = new ArrayList<>(this.entries);
		entries.add(0, directory);
		return new ForkedClassPath(entries);
	}

	boolean has(String type) throws IOException {
		try (URLClassLoader loader = loader()) {
			return loader.findResource(type.replace('.', '/') + ".class") != null;
		}
	}

	/**
	 * Run code with nothing but this class path and the JDK. It leaves the logging of the
	 * JVM as it is.
	 * @param <T> the type of the argument, which is the JDK's
	 * @param <R> the type of the result, which is the JDK's
	 * @param code the code, which is loaded anew
	 * @param argument what to give to it
	 * @return what it returns
	 */
	@SuppressWarnings("unchecked")
	<T, R> R run(Class<? extends Function<T, R>> code, T argument) throws Exception {
		ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
		String loggingSystem = System.getProperty(LoggingSystem.SYSTEM_PROPERTY);
		try (URLClassLoader loader = loader()) {
			Thread.currentThread().setContextClassLoader(loader);
			System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
			Function<T, R> forked = (Function<T, R>) loader.loadClass(code.getName())
				.getDeclaredConstructor()
				.newInstance();
			return forked.apply(argument);
		}
		finally {
			Thread.currentThread().setContextClassLoader(contextLoader);
			if (loggingSystem != null) {
				System.setProperty(LoggingSystem.SYSTEM_PROPERTY, loggingSystem);
			}
			else {
				System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
			}
		}
	}

	private URLClassLoader loader() {
		return new URLClassLoader(this.entries.stream().map(ForkedClassPath::url).toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader());
	}

	private static URL url(Path entry) {
		try {
			return entry.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return this.entries.toString();
	}

}
