/** The insulator strings of one line's towers: dust, wetness and the current over them, step by step. */
import {
  heavyPollutionMilligram,
  leakageMilliampere,
  soundString,
  stepPollution,
  string230Kilovolt,
  surfaceMicrosiemens,
  surfaceWetness,
} from '../../core/physics/insulator-leakage.ts';
import type { MeanRevertingBank } from './mean-reverting.ts';
import { isBroken } from './mended-defect.ts';
import { latentNoise } from './site.ts';
import type { SpanPlace } from './spans.ts';
import type { Weather } from './weather.ts';

/** Arrays are in the order of the towers and change at every step. */
export class InsulatorStrings {
  /** Equivalent salt deposit, mg/cm². */
  readonly pollutionMilligram: Float64Array;
  readonly leakageMilliampere: Float64Array;
  private readonly localHumidity: MeanRevertingBank;
  private readonly localDew: MeanRevertingBank;
  private readonly surface = { humidityPercent: 0, aboveDewPointKelvin: 0, rainMillimetrePerHour: 0 };

  constructor(
    private readonly places: readonly SpanPlace[],
    private readonly stepHours: number,
  ) {
    const latent = places.map((place) => place.latent);
    this.localHumidity = latentNoise('humidity', latent, stepHours);
    this.localDew = latentNoise('dew', latent, stepHours);
    this.leakageMilliampere = new Float64Array(places.length);
    this.pollutionMilligram = Float64Array.from(
      places,
      ({ site }) => heavyPollutionMilligram * site.startPollution,
    );
  }

  step(atMs: number, weather: Weather): void {
    const { surface, pollutionMilligram } = this;
    const { rainMillimetrePerHour } = weather;
    const aboveDewPointKelvin = surfaceCelsius(weather) - weather.dewPointCelsius;
    surface.rainMillimetrePerHour = rainMillimetrePerHour;
    for (let index = 0; index < this.places.length; index++) {
      const { site, defect } = this.places[index]!;
      const pollution = stepPollution(
        pollutionMilligram[index]!,
        rainMillimetrePerHour,
        this.stepHours,
        site.dustiness,
      );
      pollutionMilligram[index] = pollution;
      surface.humidityPercent = Math.min(100, weather.humidityPercent + this.localHumidity.next(index));
      surface.aboveDewPointKelvin = aboveDewPointKelvin + this.localDew.next(index);
      const wetness = surfaceWetness(surface);
      const damage =
        defect?.defect.kind === 'broken_insulator' && isBroken(defect, atMs)
          ? defect.defect.damage
          : soundString;
      this.leakageMilliampere[index] = leakageMilliampere(
        string230Kilovolt,
        surfaceMicrosiemens(pollution, wetness),
        wetness,
        damage,
      );
    }
  }
}

/** Porcelain under a clear calm night sky falls below the air; the sun warms it above. */
function surfaceCelsius(weather: Weather): number {
  const sky = 2.2 * (1 - weather.cloudCover) * Math.exp(-weather.windMetrePerSecond / 3);
  const isDay = weather.solarWattPerSquareMetre > 20;
  return weather.airCelsius + (isDay ? 0.006 * weather.solarWattPerSquareMetre : -sky);
}
