//! The camera, light and sound check, and the face at rest.

use super::Phrase;

phrases! {
    /// Heading of the check.
    CHECKS_TITLE = "checks.title" {
        "Camera and light", "Kamera und Licht", "Caméra et lumière", "Cámara y luz"
    }
    /// What happens in the check.
    CHECKS_TEXT = "checks.text" {
        "Look at the screen as you will during the study. When everything is good, you can go on.",
        "Sehen Sie so auf den Bildschirm, wie Sie es in der Studie tun werden. Wenn alles gut ist, geht es weiter.",
        "Regardez l'écran comme vous le ferez pendant l'étude. Quand tout va bien, vous pouvez continuer.",
        "Mire la pantalla como lo hará durante el estudio. Cuando todo esté bien, podrá continuar.",
    }
    /// The button that switches the camera on.
    CHECKS_START = "checks.start" {
        "Switch the camera on", "Kamera einschalten", "Allumer la caméra", "Encender la cámara"
    }
    /// All is good.
    CHECKS_GOOD = "checks.good" { "Everything is good.", "Alles ist gut.", "Tout va bien.", "Todo está bien." }
    /// No face.
    ADVICE_NO_FACE = "advice.no_face" {
        "No face is found. Sit in front of the camera.", "Kein Gesicht gefunden. Setzen Sie sich vor die Kamera.",
        "Aucun visage n'est trouvé. Placez-vous devant la caméra.", "No se encuentra ninguna cara. Siéntese frente a la cámara.",
    }
    /// Too dark.
    ADVICE_DARK = "advice.too_dark" {
        "It is too dark. Put a lamp in front of you, or turn towards the window.",
        "Es ist zu dunkel. Stellen Sie eine Lampe vor sich auf oder drehen Sie sich zum Fenster.",
        "Il fait trop sombre. Placez une lampe devant vous ou tournez-vous vers la fenêtre.",
        "Está demasiado oscuro. Ponga una lámpara delante o gírese hacia la ventana.",
    }
    /// Too bright.
    ADVICE_BRIGHT = "advice.too_bright" {
        "It is too bright. Turn the lamp away, or close a curtain.",
        "Es ist zu hell. Drehen Sie die Lampe weg oder schließen Sie einen Vorhang.",
        "Il y a trop de lumière. Détournez la lampe ou fermez un rideau.",
        "Hay demasiada luz. Aparte la lámpara o cierre una cortina.",
    }
    /// Low contrast.
    ADVICE_CONTRAST = "advice.low_contrast" {
        "The picture is flat. Sit so that the light comes from the front, not from behind.",
        "Das Bild ist flau. Setzen Sie sich so, dass das Licht von vorn kommt, nicht von hinten.",
        "L'image manque de contraste. Placez-vous pour que la lumière vienne de face, pas de derrière.",
        "La imagen tiene poco contraste. Siéntese de modo que la luz venga de frente y no de atrás.",
    }
    /// Blurred.
    ADVICE_BLURRED = "advice.blurred" {
        "The picture is blurred. Wipe the camera's lens and keep still.",
        "Das Bild ist unscharf. Wischen Sie die Linse der Kamera ab und halten Sie still.",
        "L'image est floue. Essuyez l'objectif de la caméra et restez immobile.",
        "La imagen está borrosa. Limpie la lente de la cámara y quédese quieto.",
    }
    /// Turned away.
    ADVICE_TURNED = "advice.turned_away" {
        "Turn your face to the screen.", "Wenden Sie Ihr Gesicht dem Bildschirm zu.",
        "Tournez votre visage vers l'écran.", "Gire la cara hacia la pantalla.",
    }
    /// Too far.
    ADVICE_FAR = "advice.too_far" {
        "Come nearer to the camera.", "Kommen Sie näher an die Kamera.", "Approchez-vous de la caméra.", "Acérquese a la cámara.",
    }
    /// Cut off, or not centred.
    ADVICE_CENTRE = "advice.cut_off" {
        "Your face should be in the middle of the picture.", "Ihr Gesicht sollte in der Mitte des Bildes sein.",
        "Votre visage devrait être au milieu de l'image.", "Su cara debería estar en el centro de la imagen.",
    }
    /// Several faces.
    ADVICE_SEVERAL = "advice.several_faces" {
        "There is more than one face in the picture. Please be alone.",
        "Es ist mehr als ein Gesicht im Bild. Bitte seien Sie allein.",
        "Il y a plus d'un visage dans l'image. Merci d'être seul.",
        "Hay más de una cara en la imagen. Por favor, esté a solas.",
    }
    /// Covered.
    ADVICE_COVERED = "advice.covered" {
        "Part of your face is covered. Take the hand or the mask away.",
        "Ein Teil Ihres Gesichts ist verdeckt. Nehmen Sie die Hand oder die Maske weg.",
        "Une partie de votre visage est couverte. Retirez la main ou le masque.",
        "Parte de su cara está cubierta. Retire la mano o la mascarilla.",
    }
    /// The frame rate is too low.
    ADVICE_SLOW = "advice.slow" {
        "The camera gives only {fps} pictures a second; {wanted} are needed. More light helps, and closing other programs.",
        "Die Kamera liefert nur {fps} Bilder pro Sekunde; {wanted} sind nötig. Mehr Licht hilft und andere Programme zu schließen.",
        "La caméra ne donne que {fps} images par seconde ; il en faut {wanted}. Plus de lumière aide, et fermer d'autres programmes.",
        "La cámara solo da {fps} imágenes por segundo; se necesitan {wanted}. Ayuda más luz y cerrar otros programas.",
    }
    /// The camera gives no or black pictures.
    ADVICE_BLACK = "advice.black" {
        "The camera gives no picture. Open its cover, or close other programs that use it.",
        "Die Kamera liefert kein Bild. Öffnen Sie ihre Abdeckung oder schließen Sie andere Programme, die sie verwenden.",
        "La caméra ne donne pas d'image. Ouvrez son cache ou fermez les autres programmes qui l'utilisent.",
        "La cámara no da imagen. Abra su tapa o cierre otros programas que la usen.",
    }
    /// The person has said no to the camera.
    CAMERA_DENIED = "camera.denied" {
        "The browser may not use the camera. Allow it beside the address, then try again.",
        "Der Browser darf die Kamera nicht verwenden. Erlauben Sie es neben der Adresse und versuchen Sie es noch einmal.",
        "Le navigateur n'a pas le droit d'utiliser la caméra. Autorisez-le à côté de l'adresse, puis réessayez.",
        "El navegador no puede usar la cámara. Permítalo junto a la dirección e inténtelo de nuevo.",
    }
    /// Another program has the camera.
    CAMERA_BUSY = "camera.busy" {
        "Another program uses the camera. Close it, then try again.",
        "Ein anderes Programm verwendet die Kamera. Schließen Sie es und versuchen Sie es noch einmal.",
        "Un autre programme utilise la caméra. Fermez-le, puis réessayez.",
        "Otro programa usa la cámara. Ciérrelo e inténtelo de nuevo.",
    }
    /// The button of who cannot go on.
    GIVE_UP = "give_up" {
        "It does not work here", "Es geht hier nicht", "Cela ne marche pas ici", "Aquí no funciona"
    }
    /// Heading of the sound check.
    SOUND_TITLE = "sound.title" { "Sound", "Ton", "Son", "Sonido" }
    /// What to do.
    SOUND_TEXT = "sound.text" {
        "Press the button. You hear three groups of tones. Type how many tones each group has, as three digits.",
        "Drücken Sie den Knopf. Sie hören drei Gruppen von Tönen. Tippen Sie, wie viele Töne jede Gruppe hat, als drei Ziffern.",
        "Appuyez sur le bouton. Vous entendez trois groupes de sons. Tapez combien de sons a chaque groupe, en trois chiffres.",
        "Pulse el botón. Oirá tres grupos de tonos. Escriba cuántos tonos tiene cada grupo, con tres cifras.",
    }
    /// What to do where digits are spoken.
    SOUND_SPOKEN = "sound.spoken" {
        "Press the button. You hear three digits. Type them. You can listen as often as you like.",
        "Drücken Sie den Knopf. Sie hören drei Ziffern. Tippen Sie sie ein. Sie können sie so oft anhören, wie Sie möchten.",
        "Appuyez sur le bouton. Vous entendez trois chiffres. Tapez-les. Vous pouvez les écouter autant de fois que vous voulez.",
        "Pulse el botón. Oirá tres cifras. Escríbalas. Puede escucharlas tantas veces como quiera.",
    }
    /// The button that speaks.
    SOUND_LISTEN = "sound.listen" { "Play the digits", "Ziffern abspielen", "Écouter les chiffres", "Reproducir las cifras" }
    /// The button that plays.
    SOUND_PLAY = "sound.play" { "Play the tones", "Töne abspielen", "Écouter les sons", "Reproducir los tonos" }
    /// Name of the field.
    SOUND_FIELD = "sound.field" { "Digits", "Ziffern", "Chiffres", "Cifras" }
    /// The digits were others.
    SOUND_WRONG = "sound.wrong" {
        "Those are other digits. Turn the sound up and try again.",
        "Das waren andere Ziffern. Drehen Sie den Ton lauter und versuchen Sie es noch einmal.",
        "Ce n'étaient pas ces chiffres. Montez le son et réessayez.",
        "Eran otras cifras. Suba el volumen e inténtelo de nuevo.",
    }
    /// Heading of the baseline.
    BASELINE_TITLE = "baseline.title" {
        "Your face at rest", "Ihr Gesicht in Ruhe", "Votre visage au repos", "Su cara en reposo"
    }
    /// What to do.
    BASELINE_TEXT = "baseline.text" {
        "Look at the screen for {seconds} seconds with a relaxed face, without speaking.",
        "Sehen Sie {seconds} Sekunden lang mit entspanntem Gesicht auf den Bildschirm, ohne zu sprechen.",
        "Regardez l'écran pendant {seconds} secondes, le visage détendu, sans parler.",
        "Mire la pantalla durante {seconds} segundos con la cara relajada, sin hablar.",
    }
    /// The button that begins.
    BASELINE_START = "baseline.start" { "Begin", "Beginnen", "Commencer", "Empezar" }
    /// Seconds that are left.
    BASELINE_LEFT = "baseline.left" {
        "{seconds} seconds left", "noch {seconds} Sekunden", "encore {seconds} secondes", "quedan {seconds} segundos"
    }
    /// Too little could be read.
    BASELINE_FAILED = "baseline.failed" {
        "Your face could not be read well enough. Follow the advice and try again.",
        "Ihr Gesicht war nicht gut genug zu lesen. Folgen Sie den Hinweisen und versuchen Sie es noch einmal.",
        "Votre visage n'a pas pu être lu assez bien. Suivez les conseils et réessayez.",
        "No se pudo leer su cara lo bastante bien. Siga los consejos e inténtelo de nuevo.",
    }
}
